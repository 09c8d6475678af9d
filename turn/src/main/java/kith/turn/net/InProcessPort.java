package kith.turn.net;

import java.nio.ByteBuffer;
import kith.turn.InProcessPeer;
import kith.turn.stun.TransportAddress;

/**
 * The address of a service of this process among the peers of a {@link TurnServer}: what relays
 * send there is handed to the service, and it sends to them, without a socket between. Permissions,
 * channels and bandwidth count as for any peer.
 */
public final class InProcessPort implements AutoCloseable {
  private final TurnServer server;
  private final TransportAddress address;

  InProcessPort(TurnServer server, TransportAddress address) {
    this.server = server;
    this.address = address;
  }

  /** What clients must name as the peer. */
  public TransportAddress address() {
    return address;
  }

  /**
   * Sends a datagram to a relayed address. Any thread may; quickest is the relay's own, in {@link
   * InProcessPeer#received}.
   *
   * @param packet its remaining bytes, which are copied; its position stays
   * @return false when it was dropped here: there is no such relay, its thread has too much to do,
   *     or the datagram is larger than any can be
   */
  public boolean send(TransportAddress relayed, ByteBuffer packet) {
    return server.fromService(address, relayed, packet);
  }

  /** Gives the address up: what relays send there is dropped, or leaves by the network. */
  @Override
  public void close() {
    server.unregister(address);
  }
}
