package kith.call;

import java.time.Instant;
import java.util.Optional;
import kith.auth.UserId;

/**
 * Where a call stands.
 *
 * <pre>
 * offered -> ringing -> connecting -> active &lt;-> reconnecting -> ended
 *    └──────────┴───────────┴─────────────────────────────────────┘
 * </pre>
 */
public sealed interface CallState {
  /** As it is written on the wire and in the database. */
  String wire();

  /** Nobody has taken it yet. */
  sealed interface Unanswered extends CallState {
    /** When it has rung long enough. */
    Instant expiresAt();

    /** It waits beside a call that the callee talks in, on that device alone. */
    boolean waiting();
  }

  /** Sent to the callee's devices; none of them has said that it rings. */
  record Offered(Instant expiresAt, boolean waiting) implements Unanswered {
    @Override
    public String wire() {
      return "offered";
    }
  }

  record Ringing(Instant expiresAt, boolean waiting) implements Unanswered {
    @Override
    public String wire() {
      return "ringing";
    }
  }

  /** Taken by one device of the callee. */
  sealed interface Answered extends CallState {
    Instant answeredAt();

    /** When media first flowed; empty until then. */
    Optional<Instant> connectedAt();
  }

  /** Both are there, media does not flow yet. */
  record Connecting(Instant answeredAt, Instant failsAt) implements Answered {
    @Override
    public Optional<Instant> connectedAt() {
      return Optional.empty();
    }

    @Override
    public String wire() {
      return "connecting";
    }
  }

  record Active(Instant answeredAt, Instant since) implements Answered {
    @Override
    public Optional<Instant> connectedAt() {
      return Optional.of(since);
    }

    @Override
    public String wire() {
      return "active";
    }
  }

  /** At least one of the two dropped out and may come back. */
  record Reconnecting(Instant answeredAt, Optional<Instant> connectedAt) implements Answered {
    @Override
    public String wire() {
      return "reconnecting";
    }
  }

  /**
   * Over, for good.
   *
   * @param by who ended it; empty if nobody did
   */
  record Ended(
      Reason reason,
      Optional<UserId> by,
      Instant at,
      Optional<Instant> answeredAt,
      Optional<Instant> connectedAt)
      implements CallState {
    @Override
    public String wire() {
      return "ended";
    }
  }
}
