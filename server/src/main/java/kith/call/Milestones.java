package kith.call;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import kith.call.CallState.Reconnecting;
import kith.call.CallState.Ringing;

/**
 * What a call went through that its state no longer tells.
 *
 * @param ringingAt when the first device said that it rings
 * @param reconnects how often a device of the two was away
 * @param away for how long in all, but for the time since {@code awaySince}
 * @param awaySince since when one is away now
 */
public record Milestones(
    Optional<Instant> ringingAt, int reconnects, Duration away, Optional<Instant> awaySince) {
  static final Milestones NONE =
      new Milestones(Optional.empty(), 0, Duration.ZERO, Optional.empty());

  /** The call goes from one state to another, or stays as it is. */
  public Milestones passing(CallState from, CallState to, Instant now) {
    boolean wasAway = from instanceof Reconnecting;
    boolean isAway = to instanceof Reconnecting;
    if (!wasAway && isAway) {
      return new Milestones(ringingAt, reconnects + 1, away, Optional.of(now));
    }
    if (wasAway && !isAway) {
      return new Milestones(ringingAt, reconnects, awayUntil(now), Optional.empty());
    }
    return to instanceof Ringing && ringingAt.isEmpty()
        ? new Milestones(Optional.of(now), reconnects, away, awaySince)
        : this;
  }

  /** For how long a device was away, up to now. */
  Duration awayUntil(Instant now) {
    return away.plus(awaySince.map(since -> Duration.between(since, now)).orElse(Duration.ZERO));
  }
}
