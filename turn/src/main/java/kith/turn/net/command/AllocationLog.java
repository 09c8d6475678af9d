package kith.turn.net.command;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import kith.turn.TurnEvent;

/**
 * Prints a line for each allocation that is made and for each that ended. Loops must not wait for a
 * pipe that is full: a thread of its own prints, and says how many lines it could not keep up with.
 */
final class AllocationLog implements Consumer<TurnEvent>, AutoCloseable {
  private static final int MOST_WAITING = 10_000;
  private static final Duration LAST_LINES = Duration.ofSeconds(2);

  private final BlockingQueue<String> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final AtomicLong lost = new AtomicLong();
  private final PrintStream out;
  private final Thread printer =
      Thread.ofPlatform().name("turn-log").daemon(true).unstarted(this::print);

  AllocationLog(PrintStream out) {
    this.out = out;
    printer.start();
  }

  @Override
  public void accept(TurnEvent event) {
    if (!waiting.offer(AllocationLine.of(Instant.now(), event))) {
      lost.incrementAndGet();
    }
  }

  private void print() {
    try {
      while (true) {
        print(waiting.take());
      }
    } catch (InterruptedException e) {
      // It is being closed: what waits is the last.
      for (String line = waiting.poll(); line != null; line = waiting.poll()) {
        print(line);
      }
      out.flush();
    }
  }

  private void print(String line) {
    out.println(line);
    long missing = lost.getAndSet(0);
    if (missing > 0) {
      out.println("time=" + Instant.now() + " event=lost lines=" + missing);
    }
  }

  /** Prints what still waits. */
  @Override
  public void close() {
    printer.interrupt();
    try {
      printer.join(LAST_LINES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
