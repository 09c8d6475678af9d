package kith.turn.proxy;

import kith.turn.stun.TransportAddress;

/** What the beginning of a proxy's connection says of whose it is. */
public sealed interface Introduction {
  /** Nothing yet: the header has so many bytes more at least. */
  record Incomplete(int more) implements Introduction {}

  /** Whom the proxy speaks for. */
  record Client(TransportAddress address) implements Introduction {}

  /** The proxy speaks for itself, to see whether it is answered, or for someone it cannot name. */
  record Itself() implements Introduction {}

  /** It is no header, or one that cannot be read. */
  record Malformed() implements Introduction {}
}
