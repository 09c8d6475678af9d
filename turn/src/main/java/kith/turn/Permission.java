package kith.turn;

import kith.turn.stun.TransportAddress;
import org.jspecify.annotations.Nullable;

/**
 * One IP address whose packets an allocation lets through, both ways, for five minutes at a time
 * (RFC 8656 §9).
 */
final class Permission {
  private final Reach reach;
  private final TransportAddress host;
  private final Reachability reachability;
  private @Nullable TransportAddress lastWire;
  private long expiresAt;

  Permission(TransportAddress host, Reach reach, Reachability reachability, long expiresAt) {
    this.host = host.withPort(0);
    this.reach = reach;
    this.reachability = reachability;
    this.expiresAt = expiresAt;
  }

  TransportAddress host() {
    return host;
  }

  Reach reach() {
    return reach;
  }

  boolean isAlive(long now) {
    return now < expiresAt;
  }

  void refresh(long until) {
    expiresAt = until;
  }

  /**
   * Where to send for this port of the peer: to this machine's own address when the client knows it
   * by its external one. The last one is kept, so that a steady stream makes no object.
   */
  TransportAddress wire(int port) {
    TransportAddress last = lastWire;
    if (last == null || last.port() != port) {
      last = reachability.wire(RelayedTransport.UDP, host.withPort(port));
      lastWire = last;
    }
    return last;
  }
}
