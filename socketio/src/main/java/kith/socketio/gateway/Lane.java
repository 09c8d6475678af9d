package kith.socketio.gateway;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs turns one at a time, in the order they were given by each caller, on the loop that owns the
 * lane; on that loop an idle lane runs a turn at once. The lane can move to another loop between
 * two turns.
 */
final class Lane {
  private static final int TURNS_PER_DRAIN = 256;

  private final Runnable afterTurn;
  private final Consumer<Throwable> onError;
  private final ConcurrentLinkedQueue<Runnable> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private volatile Loop loop;

  /** Touched by the owning loop only, as is {@link #next}. */
  private boolean running;

  private @Nullable Loop next;

  /**
   * On its way to another loop. Until it is there no turn begins directly: what earlier turns gave
   * that loop to do, such as writes, comes first.
   */
  private volatile boolean moving;

  Lane(Loop loop, Runnable afterTurn, Consumer<Throwable> onError) {
    this.loop = loop;
    this.afterTurn = afterTurn;
    this.onError = onError;
  }

  Loop loop() {
    return loop;
  }

  /**
   * Whether the calling thread is within a turn of this lane and nothing was given before that
   * still waits.
   */
  boolean mayJoin() {
    return loop.isCurrent() && running && waiting.isEmpty();
  }

  /**
   * Begins a turn if it can begin at once; {@link #exit} must follow. Spares the hot path a task
   * object.
   */
  boolean tryEnter() {
    if (!loop.isCurrent() || running || moving || !waiting.isEmpty()) {
      return false;
    }
    running = true;
    return true;
  }

  void exit() {
    try {
      afterTurn.run();
    } catch (RuntimeException failed) {
      onError.accept(failed);
    }
    running = false;
    if (next != null) {
      Loop moved = next;
      next = null;
      moving = true;
      loop = moved;
      moved.execute(this::arrive);
    }
  }

  private void arrive() {
    moving = false;
    if (!waiting.isEmpty()) {
      schedule();
    }
  }

  private void runTurn(Runnable turn) {
    try {
      turn.run();
    } catch (RuntimeException failed) {
      onError.accept(failed);
    } finally {
      exit();
    }
  }

  /** Runs a turn now if it can, else later. */
  void execute(Runnable turn) {
    if (tryEnter()) {
      runTurn(turn);
    } else {
      later(turn);
    }
  }

  /** Like {@link #execute}, but within a turn of this lane it becomes part of that turn. */
  void join(Runnable part) {
    if (mayJoin()) {
      part.run();
    } else {
      execute(part);
    }
  }

  void later(Runnable turn) {
    waiting.add(turn);
    schedule();
  }

  /** Moves to another loop when the current turn ends. Called within a turn. */
  void moveTo(Loop target) {
    if (target != loop) {
      next = target;
    }
  }

  private void schedule() {
    if (scheduled.compareAndSet(false, true)) {
      loop.execute(this::drain);
    }
  }

  private void drain() {
    scheduled.set(false);
    for (int i = 0; i < TURNS_PER_DRAIN && loop.isCurrent(); i++) {
      Runnable turn = waiting.poll();
      if (turn == null) {
        return;
      }
      running = true;
      runTurn(turn);
    }
    if (!waiting.isEmpty()) {
      schedule();
    }
  }
}
