package kith.turn;

import static kith.turn.stun.AttributeType.DATA;
import static kith.turn.stun.AttributeType.DONT_FRAGMENT;
import static kith.turn.stun.AttributeType.XOR_PEER_ADDRESS;

import java.nio.ByteBuffer;
import kith.turn.Counters.Count;
import kith.turn.Counters.Traffic;
import kith.turn.stun.AddressFamily;
import kith.turn.stun.AttributeSet;
import kith.turn.stun.StunMessage;
import kith.turn.stun.TransportAddress;
import kith.turn.stun.XorAddress;

/**
 * From a client to a peer: Send indications (RFC 8656 §11.2) and ChannelData (§12.6). The media
 * path: no object is made here.
 */
final class ClientData {
  private static final AttributeSet KNOWN = new AttributeSet(XOR_PEER_ADDRESS, DATA, DONT_FRAGMENT);
  private static final int CHANNEL_HEADER = 4;

  private final TurnShared shared;
  private final Reachability reachability;
  private final Counters counters;
  private final Forward forward;
  private final XorAddress peer = new XorAddress();

  ClientData(TurnShared shared, Reachability reachability, Counters counters, Forward forward) {
    this.shared = shared;
    this.reachability = reachability;
    this.counters = counters;
    this.forward = forward;
  }

  Forward channelData(Flow flow, ByteBuffer packet, int offset, int length, long now) {
    Allocation allocation = Allocations.of(flow, now);
    if (allocation == null) {
      return drop(Count.DROPPED_NO_ALLOCATION);
    }
    int count = length < CHANNEL_HEADER ? -1 : packet.getShort(offset + 2) & 0xFFFF;
    if (count < 0 || count > length - CHANNEL_HEADER) {
      return drop(Count.DROPPED_MALFORMED);
    }
    Channel channel = allocation.channels().get(packet.getShort(offset) & 0xFFFF);
    if (channel == null || !channel.isAlive(now)) {
      return drop(Count.DROPPED_NO_PERMISSION);
    }
    // A channel outlives the permission that was installed with it (RFC 8656 §12).
    Permission permission = allocation.permission(channel, now);
    if (permission == null || !permission.isAlive(now)) {
      return drop(Count.DROPPED_NO_PERMISSION);
    }
    return relay(
        allocation, permission, channel.wire(), offset + CHANNEL_HEADER, count, false, now);
  }

  Forward send(Flow flow, StunMessage message, long now) {
    Allocation allocation = Allocations.of(flow, now);
    if (allocation == null) {
      return drop(Count.DROPPED_NO_ALLOCATION);
    }
    int address = message.find(XOR_PEER_ADDRESS);
    int data = message.find(DATA);
    if (address < 0
        || data < 0
        || !peer.read(message, address)
        || message.firstUnknown(KNOWN) >= 0) {
      return drop(Count.DROPPED_MALFORMED);
    }
    boolean disguised =
        peer.family() == AddressFamily.IPV6 && TransportAddress.isMapped(peer.high(), peer.low());
    Permission permission =
        disguised ? null : allocation.permissions().get(peer.high(), peer.low(), 0);
    if (permission == null || !permission.isAlive(now)) {
      return drop(Count.DROPPED_NO_PERMISSION);
    }
    boolean whole = message.has(DONT_FRAGMENT) && mayStayWhole(flow, peer.family());
    return relay(
        allocation,
        permission,
        permission.wire(peer.port()),
        data,
        message.lengthAt(data),
        whole,
        now);
  }

  /** Between UDP and UDP that is asked for in vain where either is over IPv6 (RFC 8656 §13). */
  private static boolean mayStayWhole(Flow flow, AddressFamily peer) {
    boolean overIpv4 = peer == AddressFamily.IPV4 && flow.client().family() == AddressFamily.IPV4;
    return overIpv4 || flow.isStream();
  }

  private Forward relay(
      Allocation allocation,
      Permission permission,
      TransportAddress to,
      int offset,
      int count,
      boolean whole,
      long now) {
    Relay relay = allocation.relay(to.family());
    boolean covered =
        reachability.covers(
            permission.reach(), RelayedTransport.UDP, to.high(), to.low(), to.port());
    if (relay == null || relay.isTcp() || to.port() == 0 || !covered) {
      return drop(Count.DROPPED_NO_PERMISSION);
    }
    if (!allocation.bandwidth().takeWith(shared.bandwidth(), count, now)) {
      return drop(Count.DROPPED_BANDWIDTH);
    }
    allocation.packetsFromClient++;
    allocation.bytesFromClient += count;
    counters.add(Traffic.PACKETS_FROM_CLIENTS, allocation.transport(), 1);
    counters.add(Traffic.BYTES_FROM_CLIENTS, allocation.transport(), count);
    InProcessPeer service = reachability.inProcessPeer(to.high(), to.low(), to.port());
    return service != null
        ? forward.toService(relay, service, offset, count)
        : forward.toPeer(relay, to, offset, count, whole);
  }

  private Forward drop(Count reason) {
    counters.add(reason);
    return forward.nowhere();
  }
}
