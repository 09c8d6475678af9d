package kith.turn;

import static kith.turn.stun.AttributeType.CHANNEL_NUMBER;
import static kith.turn.stun.AttributeType.XOR_PEER_ADDRESS;

import kith.turn.stun.AttributeSet;
import kith.turn.stun.ErrorCode;
import kith.turn.stun.StunMessage;
import kith.turn.stun.TransportAddress;
import kith.turn.stun.XorAddress;
import org.jspecify.annotations.Nullable;

/** ChannelBind, in the order of RFC 8656 §12.2. */
final class ChannelBindMethod {
  static final AttributeSet KNOWN = TurnCore.CREDENTIALS.with(CHANNEL_NUMBER, XOR_PEER_ADDRESS);

  private final TurnSettings settings;
  private final Permissions permissions;
  private final Outbox outbox;
  private final XorAddress peer = new XorAddress();

  ChannelBindMethod(TurnShared shared, Permissions permissions, Outbox outbox) {
    this.settings = shared.settings();
    this.permissions = permissions;
    this.outbox = outbox;
  }

  void handle(Request request, StunMessage message, Allocation allocation) {
    permissions.sweep(allocation, request.now());
    int number = number(message);
    int value = message.find(XOR_PEER_ADDRESS);
    ErrorCode refusal =
        allocation.isTcp()
                || number < 0
                || value < 0
                || !peer.read(message, value)
                || peer.port() == 0
            ? ErrorCode.BAD_REQUEST
            : refusal(allocation, number);
    if (refusal != null) {
      outbox.refuse(request, refusal);
      return;
    }
    bind(allocation, number, peer.toAddress(), request.now());
    outbox.send(request, Outbox.success(request));
  }

  /** The number asked for, or -1 when it is not one that may be bound. */
  private static int number(StunMessage message) {
    int value = message.find(CHANNEL_NUMBER);
    if (value < 0 || message.lengthAt(value) != 4) {
      return -1;
    }
    int number = message.shortAt(value);
    return number >= Channel.FIRST && number <= Channel.LAST ? number : -1;
  }

  private @Nullable ErrorCode refusal(Allocation allocation, int number) {
    ErrorCode refusal = permissions.refusal(allocation, peer);
    if (refusal != null) {
      return refusal;
    }
    Channel byNumber = allocation.channels().get(number);
    Channel byPeer = allocation.channels().get(peer.high(), peer.low(), peer.port());
    if (byNumber != byPeer) {
      return ErrorCode.BAD_REQUEST;
    }
    boolean full = byNumber == null && allocation.channels().size() >= settings.limits().channels();
    return full || permissions.isFull(allocation, peer.toAddress())
        ? ErrorCode.INSUFFICIENT_CAPACITY
        : null;
  }

  private void bind(Allocation allocation, int number, TransportAddress address, long now) {
    Permission permission = permissions.install(allocation, address, now);
    long until = now + settings.lifetimes().channel();
    Channel known = allocation.channels().get(number);
    if (known != null) {
      known.refresh(permission, until);
    } else {
      allocation.channels().put(new Channel(number, address, permission, until));
    }
  }
}
