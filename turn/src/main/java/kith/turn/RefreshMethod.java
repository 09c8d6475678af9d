package kith.turn;

import static kith.turn.stun.AttributeType.LIFETIME;
import static kith.turn.stun.AttributeType.REQUESTED_ADDRESS_FAMILY;

import kith.turn.stun.AddressFamily;
import kith.turn.stun.AttributeSet;
import kith.turn.stun.ErrorCode;
import kith.turn.stun.StunMessage;
import kith.turn.stun.StunWriter;
import org.jspecify.annotations.Nullable;

/** Refresh, in the order of RFC 8656 §8.2. */
final class RefreshMethod {
  static final AttributeSet KNOWN = TurnCore.CREDENTIALS.with(LIFETIME, REQUESTED_ADDRESS_FAMILY);

  private final TurnShared shared;
  private final Allocations allocations;
  private final Outbox outbox;
  private final Mobility mobility;

  RefreshMethod(TurnShared shared, Allocations allocations, Outbox outbox, Mobility mobility) {
    this.shared = shared;
    this.allocations = allocations;
    this.outbox = outbox;
    this.mobility = mobility;
  }

  void handle(Request request, StunMessage message, Allocation allocation) {
    int wanted = message.find(REQUESTED_ADDRESS_FAMILY);
    int value = message.find(LIFETIME);
    int lifetime = AllocateMethod.lifetime(message, shared.settings().lifetimes());
    if (lifetime < 0 || wanted >= 0 && message.lengthAt(wanted) != 4) {
      outbox.refuse(request, ErrorCode.BAD_REQUEST);
      return;
    }
    Relay relay = wanted < 0 ? null : relayOf(allocation, message.byteAt(wanted));
    if (wanted >= 0 && relay == null) {
      outbox.refuse(request, ErrorCode.PEER_ADDRESS_FAMILY_MISMATCH);
      return;
    }
    StunWriter reply = Outbox.success(request);
    if (value >= 0 && message.intAt(value) == 0) {
      reply.number(LIFETIME, 0);
      release(request, allocation, relay);
    } else {
      reply.number(LIFETIME, lifetime);
      allocations.refresh(allocation, relay, request.now() + lifetime * 1000L, request.now());
      mobility.renew(request, allocation, message, reply);
    }
    outbox.send(request, reply);
  }

  private static @Nullable Relay relayOf(Allocation allocation, int family) {
    return switch (family) {
      case 0x01 -> allocation.relay(AddressFamily.IPV4);
      case 0x02 -> allocation.relay(AddressFamily.IPV6);
      default -> null;
    };
  }

  /** Lifetime 0: the named family goes, and with the last one the allocation. */
  private void release(Request request, Allocation allocation, @Nullable Relay relay) {
    if (relay != null && allocation.relays().size() > 1) {
      allocations.giveUp(allocation, relay);
    } else {
      allocations.end(allocation, TurnEvent.Reason.RELEASED, request.now());
    }
  }
}
