package kith.turn;

import static kith.turn.stun.AttributeType.XOR_PEER_ADDRESS;

import java.util.ArrayList;
import java.util.List;
import kith.turn.stun.AttributeSet;
import kith.turn.stun.ErrorCode;
import kith.turn.stun.StunMessage;
import kith.turn.stun.TransportAddress;
import kith.turn.stun.XorAddress;
import org.jspecify.annotations.Nullable;

/** CreatePermission, in the order of RFC 8656 §10.2: all the peers it names, or none. */
final class CreatePermissionMethod {
  static final AttributeSet KNOWN = TurnCore.CREDENTIALS.with(XOR_PEER_ADDRESS);

  private final TurnShared shared;
  private final Permissions permissions;
  private final Outbox outbox;
  private final XorAddress peer = new XorAddress();

  CreatePermissionMethod(TurnShared shared, Permissions permissions, Outbox outbox) {
    this.shared = shared;
    this.permissions = permissions;
    this.outbox = outbox;
  }

  void handle(Request request, StunMessage message, Allocation allocation) {
    permissions.sweep(allocation, request.now());
    List<TransportAddress> peers = new ArrayList<>();
    ErrorCode refusal = read(message, allocation, peers);
    if (refusal != null) {
      outbox.refuse(request, refusal);
      return;
    }
    peers.forEach(host -> permissions.install(allocation, host, request.now()));
    outbox.send(request, Outbox.success(request));
  }

  private @Nullable ErrorCode read(
      StunMessage message, Allocation allocation, List<TransportAddress> peers) {
    int added = 0;
    for (int at = message.find(XOR_PEER_ADDRESS);
        at >= 0;
        at = message.findNext(XOR_PEER_ADDRESS, at)) {
      if (!peer.read(message, at)) {
        return ErrorCode.BAD_REQUEST;
      }
      ErrorCode refusal = permissions.refusal(allocation, peer);
      if (refusal != null) {
        return refusal;
      }
      TransportAddress host = peer.toAddress().withPort(0);
      if (!peers.contains(host)) {
        peers.add(host);
        added += allocation.permission(host) == null ? 1 : 0;
      }
    }
    if (peers.isEmpty()) {
      return ErrorCode.BAD_REQUEST;
    }
    boolean full =
        allocation.permissions().size() + added > shared.settings().limits().permissions();
    return added > 0 && full ? ErrorCode.INSUFFICIENT_CAPACITY : null;
  }
}
