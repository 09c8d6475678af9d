package kith.turn;

import java.nio.ByteBuffer;
import kith.turn.stun.TransportAddress;

/**
 * A peer that is a service of this very process. What relays send to its address is handed to it
 * without a socket between.
 */
@FunctionalInterface
public interface InProcessPeer {

  /**
   * A datagram from a relay. Called on the relay's thread, which waits: do not block, and copy what
   * you keep.
   *
   * @param from the relayed address, to answer to
   * @param packet holds the datagram in {@code [offset, offset + length)}, until this returns
   */
  void received(TransportAddress from, ByteBuffer packet, int offset, int length);
}
