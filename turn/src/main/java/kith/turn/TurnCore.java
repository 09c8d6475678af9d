package kith.turn;

import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;
import kith.turn.Counters.Count;
import kith.turn.stun.AttributeSet;
import kith.turn.stun.AttributeType;
import kith.turn.stun.DataIndication;
import kith.turn.stun.ErrorCode;
import kith.turn.stun.MessageClass;
import kith.turn.stun.Method;
import kith.turn.stun.StunMessage;
import kith.turn.stun.TransportAddress;
import org.jspecify.annotations.Nullable;

/**
 * One loop's part of a TURN server. Give it packets and the time (milliseconds that only go
 * forward); it returns at once where a relayed packet goes, and queues everything else as commands:
 * after each call, {@link #poll} until null. Not thread-safe: one thread owns it. Packets are read
 * and rewritten where they lie.
 */
public final class TurnCore {
  /** The room a packet from a peer must have before it, for headers. */
  public static final int HEADROOM = (DataIndication.MOST + 15) & ~15;

  /** The room any packet must have behind it, for padding. */
  public static final int TAILROOM = 4;

  /** The attributes of the long-term credential mechanism (RFC 8489 §9.2). */
  static final AttributeSet CREDENTIALS =
      new AttributeSet(
          AttributeType.USERNAME,
          AttributeType.USERHASH,
          AttributeType.REALM,
          AttributeType.NONCE,
          AttributeType.PASSWORD_ALGORITHM,
          AttributeType.MESSAGE_INTEGRITY,
          AttributeType.MESSAGE_INTEGRITY_SHA256);

  private final Counters counters = new Counters();
  private final Forward forward = new Forward();
  private final Deadlines deadlines = new Deadlines();
  private final Outbox outbox = new Outbox(counters);
  private final StunMessage message = new StunMessage();
  private final Reachability reachability;
  private final Allocations allocations;
  private final Authentication authentication;
  private final BindingMethod binding;
  private final AllocateMethod allocate;
  private final RefreshMethod refresh;
  private final Mobility mobility;
  private final CreatePermissionMethod createPermission;
  private final ChannelBindMethod channelBind;
  private final PeerConnections connections;
  private final ConnectMethod connect;
  private final ConnectionBindMethod connectionBind;
  private final ClientData clientData;
  private final PeerData peerData;
  private final PeerErrors peerErrors;
  private long epochMinusNow;

  public TurnCore(TurnShared shared, RandomGenerator random) {
    reachability = new Reachability(shared);
    connections = new PeerConnections(shared, reachability, deadlines, outbox, counters, random);
    allocations = new Allocations(shared, deadlines, outbox, counters, connections);
    authentication = new Authentication(shared, outbox, counters);
    Permissions permissions = new Permissions(shared, reachability);
    binding = new BindingMethod(shared, outbox, counters);
    mobility = new Mobility(this, shared, random, deadlines, outbox);
    allocate = new AllocateMethod(this, mobility, shared, random, allocations, deadlines, outbox);
    refresh = new RefreshMethod(shared, allocations, outbox, mobility);
    createPermission = new CreatePermissionMethod(shared, permissions, outbox);
    channelBind = new ChannelBindMethod(shared, permissions, outbox);
    connect = new ConnectMethod(reachability, connections, outbox);
    connectionBind = new ConnectionBindMethod(this, shared, connections, outbox);
    clientData = new ClientData(shared, reachability, counters, forward);
    peerErrors = new PeerErrors(reachability, outbox, counters, random);
    peerData = new PeerData(shared, reachability, counters, forward, random);
  }

  public Counters counters() {
    return counters;
  }

  /**
   * Tells what {@code now} is in milliseconds since 1970, which the expiry of credentials is
   * counted in.
   */
  public void wallClock(long now, long epochMillis) {
    epochMinusNow = epochMillis - now;
  }

  /** The next command, or null when there is none. */
  public @Nullable Command poll() {
    return outbox.poll();
  }

  /** Runs what is due; returns when to come again, {@link Long#MAX_VALUE} for never. */
  public long advance(long now) {
    deadlines.run(now);
    return deadlines.next();
  }

  /** A whole datagram, or a whole frame of a stream, from a client. */
  public Forward fromClient(Flow flow, ByteBuffer packet, int offset, int length, long now) {
    if (mobility.passesOn(flow, packet, offset, length)) {
      return forward.nowhere();
    }
    int firstBits = length == 0 ? 0xC0 : packet.get(offset) & 0xC0;
    if (firstBits == 0x40) {
      mobility.heardFrom(flow);
      return clientData.channelData(flow, packet, offset, length, now);
    }
    if (firstBits != 0 || !message.read(packet, offset, length)) {
      counters.add(Count.DROPPED_MALFORMED);
    } else if (message.messageClass() == MessageClass.REQUEST) {
      request(flow, now);
    } else if (message.messageClass() == MessageClass.INDICATION
        && message.method() == Method.SEND) {
      mobility.heardFrom(flow);
      return clientData.send(flow, message, now);
    }
    return forward.nowhere();
  }

  /**
   * A datagram that a service of this process sends to a relayed address; otherwise as {@link
   * #fromPeer}.
   */
  public Forward fromService(
      Relay relay, TransportAddress from, ByteBuffer packet, int offset, int length, long now) {
    return peerData.fromService(relay, from, packet, offset, length, now);
  }

  /**
   * An ICMP error came for a datagram that was sent from a relayed address to this peer (RFC 8656
   * §11.5).
   *
   * @param type and {@code code} as of ICMP, or ICMPv6 where the peer's address is IPv6
   * @param data the error's own 32 bits: the next hop's MTU where the packet was too big, else 0
   */
  public void peerUnreachable(
      Relay relay, long high, long low, int port, int type, int code, int data, long now) {
    peerErrors.received(relay, high, low, port, type, code, data, now);
  }

  /**
   * A datagram that arrived at a relayed address, with {@link #HEADROOM} before it and {@link
   * #TAILROOM} behind.
   */
  public Forward fromPeer(
      Relay relay,
      long high,
      long low,
      int port,
      ByteBuffer packet,
      int offset,
      int length,
      long now) {
    return peerData.received(relay, high, low, port, packet, offset, length, now);
  }

  private void request(Flow flow, long now) {
    if (reachability.isOwnRelay(flow)) {
      counters.add(Count.DROPPED_NO_PERMISSION); // a relay that was led back to its own server
      return;
    }
    Request request =
        new Request(
            flow, message.method(), message.transactionId(), message.hasFingerprint(), null, now);
    switch (message.method()) {
      case Method.BINDING -> {
        AttributeSet known = BindingMethod.known(flow.listener());
        if (message.firstUnknown(known) < 0) {
          binding.handle(request, message);
        } else if (authentication.mayRefuse(request)) {
          refuseUnknown(request, known);
        }
      }
      case Method.ALLOCATE -> {
        Request proved = prove(request, AllocateMethod.KNOWN);
        if (proved != null) {
          allocate.handle(proved, message);
        }
      }
      case Method.REFRESH -> {
        Request proved = prove(request, RefreshMethod.KNOWN);
        Allocation allocation = proved == null ? null : allocationToRefresh(proved);
        if (proved != null && allocation != null) {
          refresh.handle(proved, message, allocation);
        }
      }
      case Method.CREATE_PERMISSION -> {
        Request proved = prove(request, CreatePermissionMethod.KNOWN);
        Allocation allocation = proved == null ? null : allocationOf(proved);
        if (proved != null && allocation != null) {
          createPermission.handle(proved, message, allocation);
        }
      }
      case Method.CHANNEL_BIND -> {
        Request proved = prove(request, ChannelBindMethod.KNOWN);
        Allocation allocation = proved == null ? null : allocationOf(proved);
        if (proved != null && allocation != null) {
          channelBind.handle(proved, message, allocation);
        }
      }
      case Method.CONNECT -> {
        Request proved = prove(request, ConnectMethod.KNOWN);
        Allocation allocation = proved == null ? null : allocationOf(proved);
        if (proved != null && allocation != null) {
          connect.handle(proved, message, allocation);
        }
      }
      case Method.CONNECTION_BIND -> {
        Request proved = prove(request, ConnectionBindMethod.KNOWN);
        if (proved != null) {
          connectionBind.handle(proved, message);
        }
      }
      default -> counters.add(Count.DROPPED_MALFORMED);
    }
  }

  /** The request with who sent it; null when it has been answered already. */
  private @Nullable Request prove(Request request, AttributeSet known) {
    Identity identity =
        authentication.check(request, message, (request.now() + epochMinusNow) / 1000);
    if (identity == null) {
      return null;
    }
    Request proved = request.provedBy(identity);
    return understood(proved, known) ? proved : null;
  }

  /** Unknown attributes are looked at after authentication (RFC 8489 §6.3). */
  private boolean understood(Request request, AttributeSet known) {
    if (message.firstUnknown(known) < 0) {
      return true;
    }
    refuseUnknown(request, known);
    return false;
  }

  private void refuseUnknown(Request request, AttributeSet known) {
    outbox.send(
        request,
        ErrorCode.UNKNOWN_ATTRIBUTE,
        Outbox.error(request, ErrorCode.UNKNOWN_ATTRIBUTE).unknown(message.unknown(known)));
  }

  /**
   * The allocation of a request that is about one; null, and answered, when there is none or it is
   * another's (RFC 8656 §5).
   */
  private @Nullable Allocation allocationOf(Request request) {
    Allocation allocation = Allocations.of(request.flow(), request.now());
    if (allocation == null) {
      outbox.refuse(request, ErrorCode.ALLOCATION_MISMATCH);
      return null;
    }
    if (!allocation.owner().username().equals(request.requireIdentity().username())) {
      outbox.refuse(request, ErrorCode.WRONG_CREDENTIALS);
      return null;
    }
    mobility.heardFrom(request, allocation);
    return allocation;
  }

  private @Nullable Allocation allocationToRefresh(Request request) {
    if (!message.has(AttributeType.MOBILITY_TICKET)) {
      return allocationOf(request);
    }
    if (!mobility.isOffered()) {
      outbox.refuse(request, ErrorCode.MOBILITY_FORBIDDEN);
      return null;
    }
    if (request.flow().allocation == null) {
      return mobility.claim(request, message);
    }
    Allocation allocation = allocationOf(request);
    if (allocation != null && !mobility.returns(request, message, allocation)) {
      outbox.refuse(request, ErrorCode.ALLOCATION_MISMATCH);
      return null;
    }
    return allocation;
  }

  /**
   * Lets go of an allocation for another core to {@link #takeOver}, where its client now comes to
   * by this flow; false when it is not this core's (any more).
   */
  public boolean yieldUp(Allocation allocation, TurnCore to, Flow claimant, long now) {
    Flow former = allocation.flow();
    boolean ours = former.has(allocation);
    if (!allocations.yieldUp(allocation)) {
      return false;
    }
    // The other core must not send by a flow of this one, should it find the client unproved.
    allocation.moveTo(former.outOfReach());
    if (ours) {
      mobility.leadOn(former, allocation, to, claimant, now);
    }
    return true;
  }

  /**
   * Takes in an allocation that another core yielded up, for the client that comes by this flow.
   */
  public void takeOver(Allocation allocation, Flow claimant, long now) {
    allocation.home(this);
    allocations.takeOver(allocation, claimant, now);
  }

  /**
   * From now on this flow's packets are handled here again: {@link Command.PassOn}. Where they are
   * not passed on to that twin, any more or yet again, nothing changes.
   */
  public void letGo(Flow former, Flow twin) {
    mobility.letGo(former, twin);
  }

  /** The sockets of an allocation that was taken over are not to be had: it ends. */
  public void lost(Allocation allocation, long now) {
    allocations.end(allocation, TurnEvent.Reason.SOCKET_LOST, now);
  }

  /** The socket of this relay is bound. */
  public void opened(Relay relay) {
    AllocateAttempt attempt = relay.attempt;
    if (attempt != null) {
      attempt.opened(relay);
    }
  }

  /** The socket of this relay could not be bound: the port is taken by another program. */
  public void refused(Relay relay) {
    AllocateAttempt attempt = relay.attempt;
    if (attempt != null) {
      attempt.refused(relay);
    }
  }

  /**
   * A peer connected to a relayed address. Null when it must be hung up on, or the connection that
   * it is from now on; nothing is read from it before {@link Command.Join}.
   */
  public @Nullable PeerConnection accepted(Relay relay, TransportAddress from, long now) {
    return connections.accepted(relay, from, now);
  }

  /** What {@link Command.Connect} asked for is there. */
  public void connected(PeerConnection connection, long now) {
    connections.connected(connection, now);
  }

  /** The peer could not be reached; or one of two joined connections has ended. */
  public void closed(PeerConnection connection) {
    connections.closed(connection);
  }

  /** Whether a joined connection may carry bytes now, or has spent its bandwidth. */
  public boolean mayCarry(PeerConnection connection, long now) {
    return connections.mayCarry(connection, now);
  }

  /** A joined connection carried so many bytes. */
  public void carried(PeerConnection connection, boolean fromClient, int count, long now) {
    connections.carried(connection, fromClient, count, now);
  }

  /**
   * The stream under this flow is gone, and its allocation with it (RFC 8656 §3.2), unless that may
   * follow its client.
   */
  public void disconnected(Flow flow, long now) {
    Allocation allocation = flow.allocation;
    if (allocation != null && allocation.isMobile()) {
      mobility.disconnected(flow, allocation);
    } else if (allocation != null) {
      allocations.end(allocation, TurnEvent.Reason.DISCONNECTED, now);
    }
  }

  /** How many things it remembers to do later. */
  public int deadlines() {
    return deadlines.size();
  }

  /** Ends every allocation and reservation: the server is closing. */
  public void shutDown(long now) {
    allocations.endAll(now);
    allocate.endReservations();
  }
}
