package kith.turn;

import java.util.random.RandomGenerator;
import kith.turn.Counters.Count;
import kith.turn.stun.AttributeType;
import kith.turn.stun.MessageClass;
import kith.turn.stun.Method;
import kith.turn.stun.StunWriter;
import kith.turn.stun.TransactionId;
import kith.turn.stun.TransportAddress;

/** From the network on the way to a peer to a client: ICMP errors (RFC 8656 §11.5, §18.13). */
final class PeerErrors {
  private static final int LARGEST_CODE = 0x1FF;

  private final Reachability reachability;
  private final Outbox outbox;
  private final Counters counters;
  private final RandomGenerator random;

  PeerErrors(Reachability reachability, Outbox outbox, Counters counters, RandomGenerator random) {
    this.reachability = reachability;
    this.outbox = outbox;
    this.counters = counters;
    this.random = random;
  }

  void received(
      Relay relay, long high, long low, int port, int type, int code, int data, long now) {
    Allocation allocation = relay.allocation;
    if (allocation == null || now >= allocation.expiresAt()) {
      counters.add(Count.DROPPED_NO_ALLOCATION);
      return;
    }
    TransportAddress peer = reachability.known(relay, new TransportAddress(high, low, port));
    Permission permission = allocation.permission(peer);
    if (permission == null || !permission.isAlive(now)) {
      counters.add(Count.DROPPED_NO_PERMISSION);
      return;
    }
    if (isOfInterest(peer, type) && code >= 0 && code <= LARGEST_CODE) {
      int said = isTooBig(peer, type, code) ? data : 0;
      outbox.add(new Command.Reply(allocation.flow(), indication(peer, type, code, said)));
    }
  }

  /** The types that a server passes on; a source quench or a redirect is none of the client's. */
  private static boolean isOfInterest(TransportAddress peer, int type) {
    return switch (peer.family()) {
      case IPV4 -> type == 3 || type == 11; // RFC 792: unreachable, time exceeded
      case IPV6 -> type >= 1 && type <= 3; // RFC 4443: unreachable, too big, time exceeded
    };
  }

  private static boolean isTooBig(TransportAddress peer, int type, int code) {
    return switch (peer.family()) {
      case IPV4 -> type == 3 && code == 4;
      case IPV6 -> type == 2;
    };
  }

  private byte[] indication(TransportAddress peer, int type, int code, int data) {
    TransactionId id = new TransactionId(random.nextInt(), random.nextLong());
    return StunWriter.of(MessageClass.INDICATION, Method.DATA, id)
        .xorAddress(AttributeType.XOR_PEER_ADDRESS, peer)
        .icmp(type, code, data)
        .finish();
  }
}
