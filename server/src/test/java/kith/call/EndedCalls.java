package kith.call;

import java.time.Instant;
import java.util.Optional;

/** Calls as the rules leave them when they end, for whatever reason. */
public final class EndedCalls {
  private EndedCalls() {}

  public static Call ended(Call call, Reason reason, Instant at) {
    var turn = new Turn(call, at, CallSettings.DEFAULTS);
    turn.end(reason, Optional.empty(), Optional.empty());
    return turn.call();
  }
}
