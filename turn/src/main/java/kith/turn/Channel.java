package kith.turn;

import kith.turn.stun.TransportAddress;

/** A channel number bound to a peer for ten minutes at a time (RFC 8656 §12). */
final class Channel {
  static final int FIRST = 0x4000;

  /**
   * RFC 8656 §12 ends the range at 0x4FFF, so that clients can tell channels from what shares their
   * port. Clients of RFC 5766, coturn's own among them, go on to 0x7FFE; on a server's port nothing
   * else looks like that, so they are served.
   */
  static final int LAST = 0x7FFE;

  private final int number;
  private final TransportAddress peer;
  private final TransportAddress wire;
  private Permission permission;
  private long expiresAt;

  Channel(int number, TransportAddress peer, Permission permission, long expiresAt) {
    this.number = number;
    this.peer = peer;
    this.permission = permission;
    this.wire = permission.wire(peer.port());
    this.expiresAt = expiresAt;
  }

  int number() {
    return number;
  }

  TransportAddress peer() {
    return peer;
  }

  /** Where its packets really go; see {@link Permission#wire}. */
  TransportAddress wire() {
    return wire;
  }

  Permission permission() {
    return permission;
  }

  void permission(Permission current) {
    permission = current;
  }

  void refresh(Permission current, long until) {
    permission = current;
    expiresAt = until;
  }

  boolean isAlive(long now) {
    return now < expiresAt;
  }

  /**
   * Expired, and its five minutes of quiet are over: the number and the peer are free for another
   * binding.
   */
  boolean isOver(long now, long quiet) {
    return now >= expiresAt + quiet;
  }
}
