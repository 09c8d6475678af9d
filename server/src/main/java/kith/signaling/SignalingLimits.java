package kith.signaling;

import java.time.Duration;
import java.time.InstantSource;
import kith.limits.RateLimit;
import kith.limits.RateLimits;
import kith.socketio.Limits;

/** How much one client may say. */
final class SignalingLimits {
  /** A client that knows no batches sends some 30 candidates within a second. */
  private static final RateLimit MESSAGES = new RateLimit(300, Duration.ofSeconds(10));

  private static final RateLimit OFFERS = new RateLimit(60, Duration.ofMinutes(1));

  /**
   * Characters of descriptions and candidates: some renegotiations at once, of the largest there
   * are. Each may be sent on to every device of the callee, and kept for it.
   */
  private static final RateLimit VOLUME = new RateLimit(2_000_000, Duration.ofSeconds(10));

  /** What is refused so often in a row is no client but a flood. */
  static final int MAX_REFUSED_IN_A_ROW = 500;

  static final int MAX_DEVICES_PER_USER = 16;

  /** How many messages of one socket may wait. */
  static final int MAX_WAITING = 256;

  /** How long a socket stays after its token expired, for another to be sent. */
  static final Duration TOKEN_GRACE = Duration.ofMinutes(1);

  final RateLimits messages;
  final RateLimits offers;
  final RateLimits volume;

  SignalingLimits(InstantSource clock) {
    this.messages = new RateLimits(MESSAGES, clock);
    this.offers = new RateLimits(OFFERS, clock);
    this.volume = new RateLimits(VOLUME, clock);
  }

  /**
   * What the socket library lets through. A description of a megabyte is refused here by its size;
   * there it would end the connection.
   */
  static Limits ofSockets() {
    return Limits.defaults()
        .change()
        .maxPayload(2_000_000)
        .maxAttachments(1)
        .maxEventBytes(2_000_000)
        .maxJsonDepth(16)
        .maxStringLength(2_000_000)
        .maxNamespaceLength(64)
        .maxNamespaces(2)
        .maxRefusals(3)
        .maxRooms(4)
        .maxPendingAcks(64)
        .attachmentTimeout(Duration.ofSeconds(10))
        .build();
  }
}
