package kith.call;

import java.time.Duration;

/**
 * How long a call may ring, connect, and wait for a device that dropped out; each 1 second to 1
 * hour.
 */
public record CallSettings(Duration ring, Duration connect, Duration grace) {
  private static final Duration MAX_RELOAD = Duration.ofSeconds(10);

  public static final CallSettings DEFAULTS =
      new CallSettings(Duration.ofSeconds(45), Duration.ofSeconds(20), Duration.ofSeconds(30));

  /** How long a call may wait beside another one. */
  public static final Duration WAIT = Duration.ofSeconds(20);

  public CallSettings {
    requireSensible("ring", ring);
    requireSensible("connect", connect);
    requireSensible("grace", grace);
  }

  /** How long a call rings; one that waits for who talks does not ring as long. */
  Duration ring(boolean waiting) {
    return waiting && WAIT.compareTo(ring) < 0 ? WAIT : ring;
  }

  /** How long a page that said it goes away is waited for: loading it anew takes no longer. */
  Duration reload() {
    return grace.compareTo(MAX_RELOAD) < 0 ? grace : MAX_RELOAD;
  }

  private static void requireSensible(String name, Duration duration) {
    if (duration.compareTo(Duration.ofSeconds(1)) < 0
        || duration.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException(name + " time must be 1 second to 1 hour");
    }
  }
}
