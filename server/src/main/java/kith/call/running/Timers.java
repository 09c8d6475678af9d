package kith.call.running;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Wakes someone up at a time. */
public interface Timers extends AutoCloseable {
  /** Timers by a clock, on one thread. */
  static Timers by(InstantSource clock) {
    return new ThreadTimers(clock);
  }

  /** The task must be quick and must not block. */
  Timer at(Instant when, Runnable task);

  Timer after(Duration time, Runnable task);

  /** Nothing is woken up any more; what asks for it is not. */
  @Override
  void close();

  /** A task that waits for its time. */
  interface Timer {
    void cancel();
  }
}
