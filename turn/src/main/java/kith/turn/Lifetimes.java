package kith.turn;

/**
 * How long things last, in milliseconds.
 *
 * @param allocation what a client gets that asks for less or for nothing (RFC 8656 §3.2: 10
 *     minutes)
 * @param allocationMost the longest a client may ask for (1 hour)
 * @param permission RFC 8656 §9: 5 minutes
 * @param channel RFC 8656 §12: 10 minutes
 * @param channelQuiet how long a channel that expired may not be bound anew to something else (RFC
 *     8656 §12: 5 minutes)
 * @param nonce RFC 8489 §9.2: at most an hour is recommended
 * @param reservation RFC 8656 §7.2: a reserved port waits 30 seconds at least
 */
public record Lifetimes(
    long allocation,
    long allocationMost,
    long permission,
    long channel,
    long channelQuiet,
    long nonce,
    long reservation) {

  private static final long CONNECT = 30_000;
  private static final long CONNECTION_BIND = 30_000;

  /** How long a peer may take to accept a connection (RFC 6062 §5.2: 30 seconds at least). */
  public long connect() {
    return CONNECT;
  }

  /** How long a connection with a peer waits for the client to bind it (RFC 6062 §5.2). */
  public long connectionBind() {
    return CONNECTION_BIND;
  }

  public static Lifetimes standard() {
    return new Lifetimes(600_000, 3_600_000, 300_000, 600_000, 300_000, 3_600_000, 30_000);
  }

  public Lifetimes {
    if (allocation < 1000 || allocationMost < allocation) {
      throw new IllegalArgumentException(
          "allocations must last a second at least, and no longer than the longest");
    }
    if (permission < 1000
        || channel < 1000
        || channelQuiet < 0
        || nonce < 1000
        || reservation < 1000) {
      throw new IllegalArgumentException("a lifetime must be a second at least");
    }
  }
}
