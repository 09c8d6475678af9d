package kith.turn.net;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import kith.turn.stun.TransportAddress;

/** struct sockaddr_in and sockaddr_in6 as Linux lays them out. */
final class SocketAddresses {
  /** The room for either. */
  static final int SIZE = 32;

  static final int LENGTH_IPV4 = 16;
  static final int LENGTH_IPV6 = 28;

  private static final ValueLayout.OfShort PORT =
      JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfInt INT = JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private SocketAddresses() {}

  /** Writes the address at this offset and returns its length. */
  static int write(MemorySegment memory, long at, TransportAddress address) {
    memory.set(PORT, at + 2, (short) address.port());
    if (TransportAddress.isMapped(address.high(), address.low())) {
      memory.set(JAVA_SHORT, at, (short) Libc.AF_INET);
      memory.set(INT, at + 4, (int) address.low());
      return LENGTH_IPV4;
    }
    memory.set(JAVA_SHORT, at, (short) Libc.AF_INET6);
    memory.set(INT, at + 4, 0);
    memory.set(LONG, at + 8, address.high());
    memory.set(LONG, at + 16, address.low());
    memory.set(INT, at + 24, 0);
    return LENGTH_IPV6;
  }

  private static boolean isIpv4(MemorySegment memory, long at) {
    return memory.get(JAVA_SHORT, at) == Libc.AF_INET;
  }

  static long high(MemorySegment memory, long at) {
    return isIpv4(memory, at) ? 0 : memory.get(LONG, at + 8);
  }

  static long low(MemorySegment memory, long at) {
    return isIpv4(memory, at)
        ? TransportAddress.mapped(memory.get(INT, at + 4))
        : memory.get(LONG, at + 16);
  }

  static int port(MemorySegment memory, long at) {
    return memory.get(PORT, at + 2) & 0xFFFF;
  }

  static TransportAddress read(MemorySegment memory, long at) {
    return new TransportAddress(high(memory, at), low(memory, at), port(memory, at));
  }
}
