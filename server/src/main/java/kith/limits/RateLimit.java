package kith.limits;

import java.time.Duration;

/** At most {@code burst} at once, and as many again over every {@code period}. */
public record RateLimit(int burst, Duration period) {
  /** How long one takes to come back. */
  Duration interval() {
    return period.dividedBy(burst);
  }
}
