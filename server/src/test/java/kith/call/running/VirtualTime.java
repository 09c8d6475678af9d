package kith.call.running;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.PriorityQueue;

/** A clock that stands still until it is told to go on, and the timers that go by it. */
public final class VirtualTime implements Timers, InstantSource {
  public static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");

  private final PriorityQueue<Waiting> waiting =
      new PriorityQueue<>(Comparator.comparing(Waiting::when).thenComparingLong(Waiting::number));
  private Instant now = BEGINNING;
  private long numbers;

  private record Waiting(Instant when, long number, Runnable task) {}

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public Timer at(Instant when, Runnable task) {
    var one = new Waiting(when, numbers++, task);
    waiting.add(one);
    return () -> waiting.remove(one);
  }

  @Override
  public Timer after(Duration time, Runnable task) {
    return at(now.plus(time), task);
  }

  /** Goes on to a time since the beginning; what is due on the way happens at its time. */
  public void goTo(Duration sinceBeginning) {
    Instant then = BEGINNING.plus(sinceBeginning);
    while (!waiting.isEmpty() && !waiting.peek().when().isAfter(then)) {
      Waiting next = waiting.remove();
      now = next.when().isAfter(now) ? next.when() : now;
      next.task().run();
    }
    now = then.isAfter(now) ? then : now;
  }

  public void goOn(Duration time) {
    goTo(Duration.between(BEGINNING, now).plus(time));
  }

  @Override
  public void close() {
    waiting.clear();
  }
}
