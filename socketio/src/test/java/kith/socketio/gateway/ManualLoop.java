package kith.socketio.gateway;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;

/** An event loop in virtual time, run by the test's own thread. */
public final class ManualLoop implements Loop {
  private record Timer(long at, long order, Runnable task) {}

  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private final PriorityQueue<Timer> timers =
      new PriorityQueue<>(Comparator.comparingLong(Timer::at).thenComparingLong(Timer::order));
  private long now = 1_000_000;
  private long timersSoFar;

  public long now() {
    return now;
  }

  @Override
  public boolean isCurrent() {
    return true;
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
  }

  @Override
  public void after(long millis, Runnable task) {
    timers.add(new Timer(now + millis, timersSoFar++, task));
  }

  /** Runs what is to be run now. */
  public void settle() {
    while (!tasks.isEmpty()) {
      tasks.remove().run();
    }
  }

  public void pass(long millis) {
    long end = now + millis;
    settle();
    while (!timers.isEmpty() && timers.peek().at <= end) {
      Timer timer = timers.remove();
      now = Math.max(now, timer.at);
      timer.task.run();
      settle();
    }
    now = end;
  }

  public int timers() {
    return timers.size();
  }
}
