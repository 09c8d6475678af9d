package kith.turn;

import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;
import kith.turn.Counters.Count;
import kith.turn.Counters.Traffic;
import kith.turn.stun.DataIndication;
import kith.turn.stun.StunMessage;
import kith.turn.stun.TransportAddress;

/**
 * From a peer to a client: ChannelData where a channel is bound, a Data indication otherwise (RFC
 * 8656 §11.3, §12.7). The media path: headers are written into the room before the packet, and no
 * object is made.
 */
final class PeerData {
  private static final int CHANNEL_HEADER = 4;

  private final TurnShared shared;
  private final Reachability reachability;
  private final Counters counters;
  private final Forward forward;
  private long nextId;

  PeerData(
      TurnShared shared,
      Reachability reachability,
      Counters counters,
      Forward forward,
      RandomGenerator random) {
    this.shared = shared;
    this.reachability = reachability;
    this.counters = counters;
    this.forward = forward;
    this.nextId = random.nextLong();
  }

  Forward received(
      Relay relay,
      long high,
      long low,
      int port,
      ByteBuffer packet,
      int offset,
      int length,
      long now) {
    Allocation allocation = relay.allocation;
    if (allocation == null || now >= allocation.expiresAt()) {
      return drop(Count.DROPPED_NO_ALLOCATION);
    }
    if (reachability.inProcessPeer(high, low, port) != null) {
      return drop(Count.DROPPED_NO_PERMISSION); // somebody else by the name of a service
    }
    RelayHost hidden = reachability.hidden(RelayedTransport.UDP, high, low, port);
    if (hidden != null) {
      TransportAddress known = hidden.advertised();
      return admitted(allocation, known.high(), known.low(), port, packet, offset, length, now);
    }
    return admitted(allocation, high, low, port, packet, offset, length, now);
  }

  /** From a service of this process: its address is its own word, and good. */
  Forward fromService(
      Relay relay, TransportAddress from, ByteBuffer packet, int offset, int length, long now) {
    Allocation allocation = relay.allocation;
    if (allocation == null || now >= allocation.expiresAt()) {
      return drop(Count.DROPPED_NO_ALLOCATION);
    }
    if (relay.isTcp()) {
      return drop(Count.DROPPED_NO_PERMISSION); // datagrams are none of its peers'
    }
    return admitted(allocation, from.high(), from.low(), from.port(), packet, offset, length, now);
  }

  private Forward admitted(
      Allocation allocation,
      long high,
      long low,
      int port,
      ByteBuffer packet,
      int offset,
      int length,
      long now) {
    Channel bound = allocation.channels().get(high, low, port);
    Channel channel = bound != null && bound.isAlive(now) ? bound : null;
    Permission permission =
        channel == null
            ? allocation.permissions().get(high, low, 0)
            : allocation.permission(channel, now);
    if (permission == null
        || !permission.isAlive(now)
        || !reachability.covers(permission.reach(), RelayedTransport.UDP, high, low, port)) {
      return drop(Count.DROPPED_NO_PERMISSION);
    }
    if (channel == null && !DataIndication.fits(length, high, low)) {
      return drop(Count.DROPPED_TOO_LONG);
    }
    if (!allocation.bandwidth().takeWith(shared.bandwidth(), length, now)) {
      return drop(Count.DROPPED_BANDWIDTH);
    }
    allocation.packetsToClient++;
    allocation.bytesToClient += length;
    counters.add(Traffic.PACKETS_TO_CLIENTS, allocation.transport(), 1);
    counters.add(Traffic.BYTES_TO_CLIENTS, allocation.transport(), length);
    return channel != null
        ? channelData(allocation.flow(), channel.number(), packet, offset, length)
        : indication(allocation.flow(), high, low, port, packet, offset, length);
  }

  private Forward channelData(Flow client, int number, ByteBuffer packet, int offset, int length) {
    int start = offset - CHANNEL_HEADER;
    packet.putShort(start, (short) number);
    packet.putShort(start + 2, (short) length);
    int total = CHANNEL_HEADER + length;
    // Only streams need the padding (RFC 8656 §12.5).
    return forward.toClient(client, start, client.isStream() ? pad(packet, start, total) : total);
  }

  private Forward indication(
      Flow client, long high, long low, int port, ByteBuffer packet, int offset, int length) {
    int start = DataIndication.prepend(packet, offset, length, high, low, port, nextId++);
    return forward.toClient(client, start, pad(packet, start, offset - start + length));
  }

  private static int pad(ByteBuffer packet, int start, int length) {
    int padded = StunMessage.padded(length);
    for (int i = length; i < padded; i++) {
      packet.put(start + i, (byte) 0);
    }
    return padded;
  }

  private Forward drop(Count reason) {
    counters.add(reason);
    return forward.nowhere();
  }
}
