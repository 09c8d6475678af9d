package kith.turn;

import java.util.List;
import kith.turn.stun.TransportAddress;
import org.jspecify.annotations.Nullable;

/**
 * The channels of one allocation, by number and by peer. Clients count up from 0x4000, so the low
 * bits of the number are its slot.
 */
final class ChannelTable {
  private @Nullable Channel[] slots = new Channel[4];
  private final AddressTable<Channel> byPeer = new AddressTable<>();

  int size() {
    return byPeer.size();
  }

  @Nullable Channel get(int number) {
    return slots[slotOf(slots, number)];
  }

  @Nullable Channel get(long high, long low, int port) {
    return byPeer.get(high, low, port);
  }

  List<Channel> values() {
    return byPeer.values();
  }

  void put(Channel channel) {
    TransportAddress peer = channel.peer();
    byPeer.put(peer.high(), peer.low(), peer.port(), channel);
    if (byPeer.size() * 2 > slots.length) {
      rebuild(slots.length * 2);
    } else {
      slots[slotOf(slots, channel.number())] = channel;
    }
  }

  void remove(Channel channel) {
    TransportAddress peer = channel.peer();
    byPeer.remove(peer.high(), peer.low(), peer.port());
    rebuild(slots.length);
  }

  private void rebuild(int capacity) {
    @Nullable Channel[] fresh = new Channel[capacity];
    for (Channel channel : byPeer.values()) {
      fresh[slotOf(fresh, channel.number())] = channel;
    }
    slots = fresh;
  }

  private static int slotOf(@Nullable Channel[] slots, int number) {
    int mask = slots.length - 1;
    int slot = number & mask;
    while (true) {
      Channel there = slots[slot];
      if (there == null || there.number() == number) {
        return slot;
      }
      slot = (slot + 1) & mask;
    }
  }
}
