package kith.call.running;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.stream.Stream;
import kith.auth.UserId;
import kith.call.Call;
import kith.call.ErrorCode;
import kith.call.Reply;
import kith.limits.RateLimit;
import kith.limits.RateLimits;

/** How often someone may be called: a bell is no toy, in however many hands. */
final class OfferLimits {
  private static final RateLimit AT_ONE = new RateLimit(120, Duration.ofMinutes(1));

  /**
   * Of calls that one makes to another and that nobody answers: who is rung is in a call, and
   * cannot be called by others.
   */
  private static final RateLimit UNANSWERED_AT_ONCE = new RateLimit(6, Duration.ofMinutes(1));

  private static final RateLimit UNANSWERED_FOR_LONG = new RateLimit(30, Duration.ofHours(1));

  private final RateLimits atOne;
  private final RateLimits unansweredAtOnce;
  private final RateLimits unansweredForLong;

  OfferLimits(InstantSource clock) {
    this.atOne = new RateLimits(AT_ONE, clock);
    this.unansweredAtOnce = new RateLimits(UNANSWERED_AT_ONCE, clock);
    this.unansweredForLong = new RateLimits(UNANSWERED_FOR_LONG, clock);
  }

  /** Counts a call that is about to be made, by someone who may; true if it is one too many. */
  boolean refuses(UserId callee) {
    return atOne.take(callee.value()).isPresent();
  }

  /** The refusal of one more call to somebody who did not answer so many; none is counted. */
  Optional<Reply> next(UserId caller, UserId callee) {
    String key = key(caller, callee);
    return Stream.of(unansweredAtOnce, unansweredForLong)
        .flatMap(limits -> limits.wait(key).stream())
        .max(Duration::compareTo)
        .map(OfferLimits::tooManyUnanswered);
  }

  private static Reply tooManyUnanswered(Duration wait) {
    return new Reply.Refused(
        ErrorCode.RATE_LIMITED,
        "nobody answered your calls; try again in " + wait.plusMillis(999).toSeconds() + " s");
  }

  /** As {@link #next}; one that is not refused begins, and is counted. */
  Optional<Reply> begins(UserId caller, UserId callee) {
    Optional<Reply> refused = next(caller, callee);
    if (refused.isEmpty()) {
      unansweredAtOnce.take(key(caller, callee));
      unansweredForLong.take(key(caller, callee));
    }
    return refused;
  }

  /**
   * @param rang the call before it was: whoever called first may be its callee now (glare)
   */
  void answered(Call rang) {
    giveBack(rang.caller().device().user(), rang.callee());
  }

  /** Nothing came of a call that was about to begin: there was none to be answered. */
  void neverBegan(UserId caller, UserId callee) {
    giveBack(caller, callee);
  }

  private void giveBack(UserId caller, UserId callee) {
    String key = key(caller, callee);
    unansweredAtOnce.giveBack(key);
    unansweredForLong.giveBack(key);
  }

  private static String key(UserId caller, UserId callee) {
    return caller.value().length() + ":" + caller + callee;
  }
}
