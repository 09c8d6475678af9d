package kith.turn;

import static kith.turn.stun.AttributeType.MOBILITY_TICKET;

import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;
import kith.turn.Deadlines.Deadline;
import kith.turn.stun.ErrorCode;
import kith.turn.stun.StunMessage;
import kith.turn.stun.StunWriter;
import org.jspecify.annotations.Nullable;

/**
 * RFC 8016: an allocation follows its client to another address, as a phone's that goes from Wi-Fi
 * to mobile data.
 */
final class Mobility {
  private static final int LONGEST_TICKET = 64;

  /** How long a client may be at two 5-tuples. RFC 8016 names no end; everything here has one. */
  private static final long LONGEST = 30_000;

  /** How many former 5-tuples one loop passes packets on from: more are given up at once. */
  static final int MOST_LEADS = 1_024;

  private final TurnCore core;
  private final TurnShared shared;
  private final RandomGenerator random;
  private final Deadlines deadlines;
  private final Outbox outbox;
  private int leads;

  Mobility(
      TurnCore core,
      TurnShared shared,
      RandomGenerator random,
      Deadlines deadlines,
      Outbox outbox) {
    this.deadlines = deadlines;
    this.core = core;
    this.shared = shared;
    this.random = random;
    this.outbox = outbox;
  }

  boolean isOffered() {
    return shared.settings().mobility();
  }

  /** Why an Allocate request that asks for mobility cannot have it, or null (RFC 8016 §3.1.2). */
  @Nullable ErrorCode refusal(StunMessage message) {
    int value = message.find(MOBILITY_TICKET);
    if (value < 0) {
      return null;
    }
    if (!isOffered()) {
      return ErrorCode.MOBILITY_FORBIDDEN;
    }
    return message.lengthAt(value) == 0 ? null : ErrorCode.BAD_REQUEST;
  }

  /**
   * Gives the allocation a fresh ticket, on behalf of this request. The one before stays good until
   * then, in case a reply was lost.
   */
  void issue(Allocation allocation, Request request) {
    MobilityTicket ticket = MobilityTicket.random(random);
    MobilityTicket outdated = allocation.issue(ticket, request);
    if (outdated != null) {
      shared.forget(outdated);
    }
    shared.remember(ticket, allocation);
  }

  /**
   * A refreshed allocation that is mobile gets its next ticket along: the same again when the
   * request is (RFC 8489 §6.3.1), or the one in the first reply would soon be good for nothing.
   */
  void renew(Request request, Allocation allocation, StunMessage message, StunWriter reply) {
    if (allocation.isMobile() && message.has(MOBILITY_TICKET)) {
      if (!allocation.isIssuedFor(request)) {
        issue(allocation, request);
      }
      reply.bytes(MOBILITY_TICKET, allocation.tickets().getFirst().bytes());
    }
  }

  /**
   * The allocation that a Refresh from a new 5-tuple shows the ticket of, about to move there (RFC
   * 8016 §3.2.2). Null when there is none, and then it has been answered; or when it is not here,
   * and then the request will come again once it is.
   */
  @Nullable Allocation claim(Request request, StunMessage message) {
    MobilityTicket ticket = MobilityTicket.of(message.value(MOBILITY_TICKET, LONGEST_TICKET));
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
    begin(allocation, request.flow(), request.now());
    return allocation;
  }

  /**
   * The client may be at both 5-tuples for a while: packets go on to the former one, and are taken
   * from it, until the client sends from the new one.
   */
  private void begin(Allocation allocation, Flow to, long now) {
    callOff(allocation);
    to.take(allocation);
    if (!allocation.flow().has(allocation)) {
      allocation.moveTo(to); // the former connection has ended, or another loop had it
      return;
    }
    Deadline decision = deadlines.at(now + LONGEST, () -> decide(allocation));
    allocation.begin(new Allocation.Move(to, decision));
  }

  /**
   * Nothing came from the new 5-tuple for so long. A client that went on at the former one never
   * got the reply; one that was silent is where it was last.
   */
  private static void decide(Allocation allocation) {
    if (allocation.isHeardFromFormer()) {
      callOff(allocation);
    } else {
      complete(allocation);
    }
  }

  /** This flow's client has sent more than its Refresh: one that was to move there has. */
  void heardFrom(Flow flow) {
    Allocation allocation = flow.allocation;
    if (allocation == null || !allocation.isMoving()) {
      return;
    }
    if (allocation.isMovingTo(flow)) {
      complete(allocation);
    } else {
      allocation.heardFromFormer();
    }
  }

  /** As {@link #heardFrom}, unless the request is the very one that it moves with. */
  void heardFrom(Request request, Allocation allocation) {
    if (!allocation.isIssuedFor(request)) {
      heardFrom(request.flow());
    }
  }

  /**
   * A Refresh that shows a ticket where the allocation is already; false when the ticket is not
   * good. The client has come back before it was gone; or the request is sent again, whose ticket
   * has been outdated by what it was answered with.
   */
  boolean returns(Request request, StunMessage message, Allocation allocation) {
    MobilityTicket ticket = MobilityTicket.of(message.value(MOBILITY_TICKET, LONGEST_TICKET));
    boolean good =
        ticket != null
            && (allocation.tickets().contains(ticket) || allocation.isIssuedFor(request));
    if (allocation.isMobile() && !good) {
      return false;
    }
    if (request.flow() == allocation.flow()) {
      callOff(allocation);
    }
    return true;
  }

  /**
   * The allocation goes to the loop that its client's new flow belongs to, while packets of the
   * former one still come to this loop's socket: they are passed on for a while, and answered there
   * from a socket of the same address. Where it has none, or the former one is a stream, which is
   * of one loop alone, the former 5-tuple is given up at once.
   */
  void leadOn(Flow former, Allocation allocation, TurnCore to, Flow next, long now) {
    boolean passable = !former.isStream() && !next.isStream() && former.isAtSameAddressAs(next);
    if (!passable || leads == MOST_LEADS) {
      return;
    }
    leads++;
    Flow twin = new Flow(next.listener(), former.client(), next.connection());
    allocation.moveTo(twin);
    Flow.Lead lead = new Flow.Lead(twin, to);
    former.lead(lead);
    look(former, lead, now + LONGEST);
  }

  /**
   * Whoever goes on at the former 5-tuple keeps it: where its allocation is then, the move is
   * called off, which nobody tells here. It is given up once nothing came that way for so long: a
   * client that uses its allocation asks for its permissions again in time.
   */
  private void look(Flow former, Flow.Lead lead, long at) {
    deadlines.at(
        at,
        () -> {
          if (former.lead != lead) {
            return;
          }
          if (lead.takeUsed()) {
            look(former, lead, at + shared.settings().lifetimes().permission());
          } else {
            letGo(former, lead.twin());
          }
        });
  }

  /** A packet of a client whose allocation is with another loop; false when it is not so. */
  boolean passesOn(Flow flow, ByteBuffer packet, int offset, int length) {
    Flow.Lead lead = flow.lead;
    if (lead == null) {
      return false;
    }
    lead.use();
    byte[] copy = new byte[length];
    packet.get(offset, copy);
    outbox.add(new Command.PassOn(flow, lead.twin(), lead.core(), copy));
    return true;
  }

  /** Packets of the former 5-tuple go to that twin no more; to another they still do. */
  void letGo(Flow former, Flow twin) {
    Flow.Lead lead = former.lead;
    if (lead != null && lead.twin() == twin) {
      former.lead = null;
      leads--;
      former.listener().forget(former);
    }
  }

  /** The stream under this flow has ended; its mobile allocation has not. */
  void disconnected(Flow flow, Allocation allocation) {
    if (allocation.isMovingTo(flow)) {
      callOff(allocation);
    } else {
      complete(allocation);
      flow.leave(allocation);
    }
  }

  private static void complete(Allocation allocation) {
    Allocation.Move move = allocation.endMove();
    if (move != null) {
      allocation.flow().leave(allocation);
      allocation.moveTo(move.to());
    }
  }

  private static void callOff(Allocation allocation) {
    Allocation.Move move = allocation.endMove();
    if (move != null) {
      move.to().leave(allocation);
    }
  }
}
