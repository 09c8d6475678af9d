package kith.turn.net;

/** The time as the core wants it: milliseconds that only go forward, the same for all loops. */
class Clock {
  // Away from zero, so that a timestamp of zero is always long ago.
  private static final long FIRST = 1_000_000;

  private final long start = nanos();

  long now() {
    return FIRST + (nanos() - start) / 1_000_000;
  }

  long nanos() {
    return System.nanoTime();
  }

  long epochMillis() {
    return System.currentTimeMillis();
  }
}
