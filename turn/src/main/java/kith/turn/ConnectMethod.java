package kith.turn;

import static kith.turn.stun.AttributeType.XOR_PEER_ADDRESS;

import kith.turn.stun.AttributeSet;
import kith.turn.stun.ErrorCode;
import kith.turn.stun.StunMessage;
import kith.turn.stun.TransportAddress;
import kith.turn.stun.XorAddress;
import org.jspecify.annotations.Nullable;

/** Connect, in the order of RFC 6062 §5.2. */
final class ConnectMethod {
  static final AttributeSet KNOWN = TurnCore.CREDENTIALS.with(XOR_PEER_ADDRESS);

  private final Reachability reachability;
  private final PeerConnections connections;
  private final Outbox outbox;
  private final XorAddress peer = new XorAddress();

  ConnectMethod(Reachability reachability, PeerConnections connections, Outbox outbox) {
    this.reachability = reachability;
    this.connections = connections;
    this.outbox = outbox;
  }

  void handle(Request request, StunMessage message, Allocation allocation) {
    ErrorCode refusal = start(request, message, allocation);
    if (refusal != null) {
      outbox.refuse(request, refusal);
    }
  }

  private @Nullable ErrorCode start(Request request, StunMessage message, Allocation allocation) {
    if (!allocation.isTcp()) {
      return ErrorCode.ALLOCATION_MISMATCH;
    }
    int value = message.find(XOR_PEER_ADDRESS);
    boolean read = value >= 0 && peer.read(message, value);
    TransportAddress address = peer.toAddress();
    PeerConnection known = read ? allocation.connections().get(address) : null;
    if (known != null) {
      return isTheSame(known, request) ? null : ErrorCode.CONNECTION_ALREADY_EXISTS;
    }
    if (!read || peer.port() == 0) {
      return ErrorCode.BAD_REQUEST;
    }
    Relay relay = allocation.relay(peer.family());
    if (relay == null) {
      return ErrorCode.PEER_ADDRESS_FAMILY_MISMATCH;
    }
    Reach reach = reachability.of(peer.family(), peer.high(), peer.low());
    boolean covered =
        reachability.covers(reach, RelayedTransport.TCP, peer.high(), peer.low(), peer.port());
    boolean toItself = reachability.wire(RelayedTransport.TCP, address).equals(relay.local());
    return covered && !toItself
        ? connections.connect(request, allocation, relay, address)
        : ErrorCode.FORBIDDEN;
  }

  /** A request that is sent again over a stream would be answered with the first. */
  private static boolean isTheSame(PeerConnection known, Request request) {
    Request first = known.connect;
    return first != null && first.id().equals(request.id());
  }
}
