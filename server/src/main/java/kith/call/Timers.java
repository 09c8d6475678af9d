package kith.call;

import java.time.Instant;

/** Wakes someone up at a time. */
interface Timers extends AutoCloseable {
  /** The task must be quick and must not block. */
  Timer at(Instant when, Runnable task);

  /** Nothing is woken up any more. */
  @Override
  void close();

  /** A task that waits for its time. */
  interface Timer {
    void cancel();
  }
}
