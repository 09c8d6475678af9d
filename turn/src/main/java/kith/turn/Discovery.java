package kith.turn;

import static kith.turn.stun.AttributeType.CHANGE_REQUEST;
import static kith.turn.stun.AttributeType.OTHER_ADDRESS;
import static kith.turn.stun.AttributeType.RESPONSE_ORIGIN;
import static kith.turn.stun.AttributeType.RESPONSE_PORT;

import kith.turn.stun.StunMessage;
import kith.turn.stun.StunWriter;
import kith.turn.stun.TransportAddress;

/**
 * NAT behaviour discovery (RFC 5780): two addresses with two ports each, of one loop. A client asks
 * at one to be answered from another, and so learns what its NAT lets through. PADDING is not
 * served: with it a small request would make a large answer.
 */
public final class Discovery {
  private static final int CHANGE_IP = 0x4;
  private static final int CHANGE_PORT = 0x2;

  // [address][port]
  private final Listener[][] listeners;

  private Discovery(Listener[][] listeners) {
    this.listeners = listeners;
  }

  /**
   * Ties four listeners together: address and port, address and other port, other address and port,
   * both other.
   */
  public static void among(
      Listener first, Listener otherPort, Listener otherAddress, Listener bothOther) {
    Discovery discovery =
        new Discovery(new Listener[][] {{first, otherPort}, {otherAddress, bothOther}});
    for (Listener[] pair : discovery.listeners) {
      for (Listener listener : pair) {
        listener.discovery(discovery);
      }
    }
  }

  private Listener other(Listener from, boolean address, boolean port) {
    for (int a = 0; a < 2; a++) {
      for (int p = 0; p < 2; p++) {
        if (listeners[a][p] == from) {
          return listeners[address ? 1 - a : a][port ? 1 - p : p];
        }
      }
    }
    throw new IllegalStateException("a listener that is none of the four");
  }

  /** The listener that a Binding request wants to be answered from. */
  Listener answering(Listener asked, StunMessage message) {
    int value = message.find(CHANGE_REQUEST);
    int flags = value < 0 || message.lengthAt(value) != 4 ? 0 : message.intAt(value);
    return other(asked, (flags & CHANGE_IP) != 0, (flags & CHANGE_PORT) != 0);
  }

  /**
   * Where the answer goes: to the host that asked, at another of its ports if it wants that (RFC
   * 5780 §7.5).
   */
  static TransportAddress answered(TransportAddress client, StunMessage message) {
    int value = message.find(RESPONSE_PORT);
    int port = value < 0 || message.lengthAt(value) != 4 ? 0 : message.shortAt(value);
    return port == 0 ? client : client.withPort(port);
  }

  /** Says where the answer comes from, and where else to ask. */
  void describe(StunWriter reply, Listener asked, Listener answering) {
    reply.address(RESPONSE_ORIGIN, answering.advertised());
    reply.address(OTHER_ADDRESS, other(asked, true, true).advertised());
  }
}
