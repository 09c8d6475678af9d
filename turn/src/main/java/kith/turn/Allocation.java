package kith.turn;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import kith.turn.stun.AddressFamily;
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
  private final Map<TransportAddress, PeerConnection> connections;
  private final long madeAt;
  private Flow flow;
  private @Nullable Relay relay;
  private @Nullable Relay additional;
  private volatile long expiresAt;
  private volatile @Nullable TurnCore home;
  private @Nullable MobilityTicket ticket;
  private @Nullable MobilityTicket lastTicket;
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
      boolean additionalRefused) {}

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
    this.connections = relay.isTcp() ? new HashMap<>() : Map.of();
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
    Relay first = relay;
    return first != null && first.isTcp();
  }

  /** The connections with peers, by peer: those of a TCP allocation. */
  Map<TransportAddress, PeerConnection> connections() {
    return connections;
  }

  long madeAt() {
    return madeAt;
  }

  long expiresAt() {
    return expiresAt;
  }

  void refresh(long until) {
    expiresAt = until;
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

  /** Takes a new ticket and returns the one that is good no more. */
  @Nullable MobilityTicket issue(MobilityTicket fresh) {
    MobilityTicket outdated = lastTicket;
    lastTicket = ticket;
    ticket = fresh;
    return outdated;
  }

  List<MobilityTicket> tickets() {
    return Stream.of(ticket, lastTicket).flatMap(Stream::ofNullable).toList();
  }

  void moveTo(Flow other) {
    flow = other;
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
  }

  @Nullable Permission permission(TransportAddress host) {
    return permissions.get(host.high(), host.low(), 0);
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
