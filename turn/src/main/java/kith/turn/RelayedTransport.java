package kith.turn;

import org.jspecify.annotations.Nullable;

/** What lies between a relayed address and its peers, by protocol number (RFC 8656 §18.7). */
enum RelayedTransport {
  UDP(17),
  /** RFC 6062. */
  TCP(6);

  private final int protocol;

  RelayedTransport(int protocol) {
    this.protocol = protocol;
  }

  /** Null for a protocol that nothing is relayed over. */
  static @Nullable RelayedTransport of(int protocol) {
    for (RelayedTransport transport : values()) {
      if (transport.protocol == protocol) {
        return transport;
      }
    }
    return null;
  }
}
