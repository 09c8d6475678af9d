package kith.call.running;

import java.time.Duration;
import java.time.InstantSource;
import kith.auth.UserId;
import kith.limits.RateLimit;
import kith.limits.RateLimits;

/** How often someone may be called: a bell is no toy, in however many hands. */
final class OfferLimits {
  private static final RateLimit AT_ONE = new RateLimit(120, Duration.ofMinutes(1));

  private final RateLimits atOne;

  OfferLimits(InstantSource clock) {
    this.atOne = new RateLimits(AT_ONE, clock);
  }

  /** Counts a call that is about to be made, by someone who may; true if it is one too many. */
  boolean refuses(UserId callee) {
    return atOne.take(callee.value()).isPresent();
  }
}
