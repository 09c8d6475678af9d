package kith.turn;

import static kith.turn.stun.AttributeType.MOBILITY_TICKET;

import java.util.random.RandomGenerator;
import kith.turn.stun.ErrorCode;
import kith.turn.stun.StunMessage;
import kith.turn.stun.StunWriter;
import org.jspecify.annotations.Nullable;

/**
 * RFC 8016: an allocation follows its client to another address, as a phone's that goes from Wi-Fi
 * to mobile data.
 */
final class Mobility {
  private static final int LONGEST = 64;

  private final TurnCore core;
  private final TurnShared shared;
  private final RandomGenerator random;
  private final Outbox outbox;

  Mobility(TurnCore core, TurnShared shared, RandomGenerator random, Outbox outbox) {
    this.core = core;
    this.shared = shared;
    this.random = random;
    this.outbox = outbox;
  }

  /** Why an Allocate request that asks for mobility cannot have it, or null (RFC 8016 §3.1.2). */
  @Nullable ErrorCode refusal(StunMessage message) {
    int value = message.find(MOBILITY_TICKET);
    if (value < 0) {
      return null;
    }
    if (!shared.settings().mobility()) {
      return ErrorCode.MOBILITY_FORBIDDEN;
    }
    return message.lengthAt(value) == 0 ? null : ErrorCode.BAD_REQUEST;
  }

  /**
   * Gives the allocation a fresh ticket. The one before stays good until then, in case a reply was
   * lost.
   */
  MobilityTicket issue(Allocation allocation) {
    MobilityTicket ticket = MobilityTicket.random(random);
    MobilityTicket outdated = allocation.issue(ticket);
    if (outdated != null) {
      shared.forget(outdated);
    }
    shared.remember(ticket, allocation);
    return ticket;
  }

  /** A refreshed allocation that is mobile gets its next ticket along. */
  void renew(Allocation allocation, StunMessage message, StunWriter reply) {
    if (allocation.isMobile() && message.has(MOBILITY_TICKET)) {
      reply.bytes(MOBILITY_TICKET, issue(allocation).bytes());
    }
  }

  /**
   * The allocation that a Refresh from a new 5-tuple shows the ticket of, moved there (RFC 8016
   * §3.2.2). Null when there is none, and then it has been answered; or when it is not here, and
   * then the request will come again once it is.
   */
  @Nullable Allocation claim(Request request, StunMessage message) {
    MobilityTicket ticket = MobilityTicket.of(message.value(MOBILITY_TICKET, LONGEST));
    Allocation allocation = ticket == null ? null : shared.holder(ticket);
    if (allocation == null || request.now() >= allocation.expiresAt()) {
      outbox.refuse(request, ErrorCode.ALLOCATION_MISMATCH);
      return null;
    }
    if (!allocation.owner().username().equals(request.requireIdentity().username())) {
      outbox.refuse(request, ErrorCode.WRONG_CREDENTIALS);
      return null;
    }
    TurnCore home = allocation.home();
    if (home == null) {
      return null; // on its way to a loop: the client will ask again
    }
    if (home != core) {
      outbox.add(new Command.Summon(home, allocation, request.flow(), message.copy()));
      return null;
    }
    move(allocation, request.flow());
    return allocation;
  }

  private static void move(Allocation allocation, Flow to) {
    Flow from = allocation.flow();
    if (from.allocation == allocation) {
      // Otherwise it came from another loop, which has forgotten the flow, and whose table is not
      // ours to touch.
      from.allocation = null;
      from.listener().forget(from);
    }
    allocation.moveTo(to);
    to.allocation = allocation;
    if (!to.isStream()) {
      to.listener().remember(to);
    }
  }
}
