package kith.turn;

import kith.turn.stun.TransportAddress;

/**
 * One IP address whose packets an allocation lets through, both ways, for five minutes at a time
 * (RFC 8656 §9).
 */
final class Permission {
  private final Reach reach;
  private final TransportAddress host;
  // Where packets really go: this machine's own address when the client knows it by its external
  // one.
  private final TransportAddress wire;
  private TransportAddress lastPeer;
  private long expiresAt;

  Permission(TransportAddress host, TransportAddress wire, Reach reach, long expiresAt) {
    this.host = host.withPort(0);
    this.wire = wire.withPort(0);
    this.lastPeer = this.wire;
    this.reach = reach;
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
   * Where to send for this port of the peer. The last one is kept, so that a steady stream makes no
   * object.
   */
  TransportAddress wire(int port) {
    TransportAddress last = lastPeer;
    if (last.port() != port) {
      last = wire.withPort(port);
      lastPeer = last;
    }
    return last;
  }
}
