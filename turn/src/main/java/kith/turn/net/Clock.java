package kith.turn.net;

/** The time as the core wants it: milliseconds that only go forward, the same for all loops. */
final class Clock {
  // Away from zero, so that a timestamp of zero is always long ago.
  private static final long FIRST = 1_000_000;

  private final long start = System.nanoTime();

  long now() {
    return FIRST + (System.nanoTime() - start) / 1_000_000;
  }

  long epochMillis() {
    return System.currentTimeMillis();
  }
}
