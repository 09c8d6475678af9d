package kith.turn.net;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * How long a test waits for what is to come: so long that on the slowest machine only what never
 * comes is waited for in vain.
 */
final class Patience {
  static final Duration LONG = Duration.ofSeconds(30);
  static final int MILLIS = (int) LONG.toMillis();

  private static final long PAUSE = 2_000_000;

  private Patience() {}

  static void until(BooleanSupplier condition) {
    long end = System.nanoTime() + LONG.toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() - end < 0, "it does not come true");
      LockSupport.parkNanos(PAUSE);
    }
  }
}
