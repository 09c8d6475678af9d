package kith.turn;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import kith.turn.Deadlines.Deadline;
import kith.turn.stun.AddressFamily;
import kith.turn.stun.ErrorCode;
import kith.turn.stun.TransactionId;
import kith.turn.stun.TransportAddress;
import org.jspecify.annotations.Nullable;

/**
 * An allocation (RFC 8656 §2.2): a client, its relayed addresses, and what it may reach. Owned by
 * one loop.
 */
public final class Allocation {
  private final long id;
  private final Identity owner;
  private final Granted granted;
  private final Bandwidth bandwidth;
  private final AddressTable<Permission> permissions = new AddressTable<>();
  private final ChannelTable channels = new ChannelTable();
  private final RelayedTransport transport;
  private final Map<TransportAddress, PeerConnection> connections;
  private final long madeAt;
  private Flow flow;
  private @Nullable Move move;
  private boolean heardFromFormer;
  private @Nullable Relay relay;
  private @Nullable Relay additional;
  private volatile long expiresAt;
  private volatile @Nullable TurnCore home;
  private @Nullable MobilityTicket ticket;
  private @Nullable MobilityTicket lastTicket;
  private @Nullable Issue issue;
  long packetsFromClient;
  long packetsToClient;
  long bytesFromClient;
  long bytesToClient;

  /**
   * What the Allocate response said, to say it again to a retransmitted request (RFC 8656 §7.2).
   */
  record Granted(
      TransactionId id,
      int lifetime,
      long reservation,
      boolean mobile,
      @Nullable Refused refused) {}

  /** The one of two families that could not be had, and why (RFC 8656 §7.2). */
  record Refused(AddressFamily family, ErrorCode error) {}

  Allocation(
      TurnCore home,
      long id,
      Flow flow,
      Identity owner,
      Granted granted,
      Relay relay,
      @Nullable Relay additional,
      Bandwidth bandwidth,
      long now) {
    this.home = home;
    this.id = id;
    this.flow = flow;
    this.owner = owner;
    this.granted = granted;
    this.relay = relay;
    this.additional = additional;
    this.bandwidth = bandwidth;
    this.madeAt = now;
    this.transport = relay.transport();
    this.connections = relay.isTcp() ? new HashMap<>() : Map.of();
    relays().forEach(each -> each.expiresAt = now + granted.lifetime() * 1000L);
    this.expiresAt = now + granted.lifetime() * 1000L;
  }

  public long id() {
    return id;
  }

  public Flow flow() {
    return flow;
  }

  /** What lies between its client and the server now. */
  Transport transport() {
    return flow.listener().transport();
  }

  Identity owner() {
    return owner;
  }

  /** Whether this request made it, and comes again. */
  boolean isMadeBy(Request request) {
    return granted.id().equals(request.id())
        && owner.username().equals(request.requireIdentity().username());
  }

  Granted granted() {
    return granted;
  }

  Bandwidth bandwidth() {
    return bandwidth;
  }

  AddressTable<Permission> permissions() {
    return permissions;
  }

  ChannelTable channels() {
    return channels;
  }

  /** Whether it relays TCP (RFC 6062), and so no datagrams. */
  boolean isTcp() {
    return transport == RelayedTransport.TCP;
  }

  /** The connections with peers, by peer: those of a TCP allocation. */
  Map<TransportAddress, PeerConnection> connections() {
    return connections;
  }

  long madeAt() {
    return madeAt;
  }

  /** When the last of its relayed addresses expires. */
  long expiresAt() {
    return expiresAt;
  }

  /** When the first of them does. */
  long firstExpiresAt() {
    return relays().stream().mapToLong(each -> each.expiresAt).min().orElse(expiresAt);
  }

  /** Its relayed addresses, or only this one of them, last until then. */
  void refresh(@Nullable Relay only, long until) {
    for (Relay each : relays()) {
      if (only == null || only == each) {
        each.expiresAt = until;
      }
    }
    expiresAt = lastExpiresAt();
  }

  private long lastExpiresAt() {
    return relays().stream().mapToLong(each -> each.expiresAt).max().orElse(expiresAt);
  }

  /** The core of the loop that owns it; null while it moves from one to another. */
  @Nullable TurnCore home() {
    return home;
  }

  void home(@Nullable TurnCore core) {
    home = core;
  }

  boolean isMobile() {
    return ticket != null;
  }

  /** What the current ticket answered. */
  private record Issue(Flow flow, int method, TransactionId id) {}

  /** Takes a new ticket, asked for by this request; returns the one that is good no more. */
  @Nullable MobilityTicket issue(MobilityTicket fresh, Request request) {
    MobilityTicket outdated = lastTicket;
    lastTicket = ticket;
    ticket = fresh;
    issue = new Issue(request.flow(), request.method(), request.id());
    return outdated;
  }

  /** Whether the ticket that is good now went out with the answer to this request. */
  boolean isIssuedFor(Request request) {
    return new Issue(request.flow(), request.method(), request.id()).equals(issue);
  }

  List<MobilityTicket> tickets() {
    return Stream.of(ticket, lastTicket).flatMap(Stream::ofNullable).toList();
  }

  void moveTo(Flow other) {
    flow = other;
  }

  /** Where its client is about to move, and when that is decided without a word from there. */
  record Move(Flow to, Deadline decision) {}

  void begin(Move next) {
    move = next;
    heardFromFormer = false;
  }

  boolean isMoving() {
    return move != null;
  }

  void heardFromFormer() {
    heardFromFormer = true;
  }

  boolean isHeardFromFormer() {
    return heardFromFormer;
  }

  boolean isMovingTo(Flow other) {
    Move current = move;
    return current != null && current.to() == other;
  }

  /** The move that was under way, which is no longer; null when there was none. */
  @Nullable Move endMove() {
    Move ended = move;
    move = null;
    if (ended != null) {
      ended.decision().cancel();
    }
    return ended;
  }

  /** Gives up its 5-tuples, both while its client moves. */
  void leaveFlows() {
    Move ended = endMove();
    if (ended != null) {
      ended.to().leave(this);
    }
    flow.leave(this);
  }

  /** The relayed address of this family, or null when the allocation has none. */
  @Nullable Relay relay(AddressFamily family) {
    Relay first = relay;
    if (first != null && first.family() == family) {
      return first;
    }
    Relay second = additional;
    return second != null && second.family() == family ? second : null;
  }

  public List<Relay> relays() {
    Relay first = relay;
    Relay second = additional;
    if (first == null) {
      return second == null ? List.of() : List.of(second);
    }
    return second == null ? List.of(first) : List.of(first, second);
  }

  void drop(Relay gone) {
    if (relay == gone) {
      relay = null;
    } else if (additional == gone) {
      additional = null;
    }
    expiresAt = lastExpiresAt();
  }

  /** Forgets the channels and permissions of peers of this family. */
  void forget(AddressFamily family) {
    for (Channel channel : channels.values()) {
      if (channel.peer().family() == family) {
        channels.remove(channel);
      }
    }
    for (Permission permission : permissions.values()) {
      if (permission.host().family() == family) {
        permissions.remove(permission.host().high(), permission.host().low(), 0);
      }
    }
  }

  @Nullable Permission permission(TransportAddress host) {
    return permissions.get(host.high(), host.low(), 0);
  }

  /**
   * The permission of a channel's peer: the channel's own, or the one that was made after that ran
   * out. Null when there is none; it need not be alive.
   */
  @Nullable Permission permission(Channel channel, long now) {
    if (channel.permission().isAlive(now)) {
      return channel.permission();
    }
    Permission current = permissions.get(channel.peer().high(), channel.peer().low(), 0);
    if (current != null) {
      channel.permission(current);
    }
    return current;
  }

  void put(Permission permission) {
    permissions.put(permission.host().high(), permission.host().low(), 0, permission);
  }

  /** Forgets permissions that expired, and channels whose quiet is over. */
  void sweep(long now, long quiet) {
    for (Channel channel : channels.values()) {
      if (channel.isOver(now, quiet)) {
        channels.remove(channel);
      }
    }
    for (Permission permission : permissions.values()) {
      if (!permission.isAlive(now)) {
        permissions.remove(permission.host().high(), permission.host().low(), 0);
      }
    }
  }
}
