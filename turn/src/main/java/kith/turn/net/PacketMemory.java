package kith.turn.net;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import kith.turn.TurnCore;

/**
 * The packets of one engine, outside the heap: slots that they arrive in, and a shelf for those
 * that are written or cut here, until they are sent.
 */
final class PacketMemory {
  /** The longest datagram. */
  static final int LARGEST = 65_535;

  /**
   * From one slot to the next. Not a power of two, or the starts of all slots would share a few
   * sets of the cache.
   */
  static final int STRIDE = 65_536 + 1_024 + 64;

  private static final int SHELF = 512 * 1024;
  private static final int ALIGNMENT = 64;

  private final Mapping mapping;
  private final MemorySegment memory;
  private final ByteBuffer bytes;
  private final long address;
  private final int shelf;
  private int onShelf;
  // Where the cut is that the core has in hands, and what stays as it is: that of the last
  // clearing.
  private int current;
  private int currentEnd;
  private int kept;
  private int keptEnd;

  PacketMemory(int slots) throws IOException {
    shelf = slots * STRIDE;
    mapping = Mapping.anonymous((long) shelf + SHELF);
    memory = mapping.memory();
    bytes = memory.asByteBuffer();
    address = memory.address();
  }

  /** All of it: what the core reads and rewrites. */
  ByteBuffer bytes() {
    return bytes;
  }

  MemorySegment memory() {
    return memory;
  }

  /** Where a slot is for the kernel. */
  long address(int slot) {
    return address + (long) slot * STRIDE;
  }

  /** Where it is in {@link #bytes}. */
  static int offset(int slot) {
    return slot * STRIDE;
  }

  boolean hasRoom(int length) {
    return place(length) + need(length) <= SHELF;
  }

  /** Where on the shelf the next one goes: behind the others, and not over what is kept. */
  private int place(int length) {
    return onShelf < keptEnd && onShelf + need(length) > kept ? keptEnd : onShelf;
  }

  private static int need(int length) {
    return (TurnCore.HEADROOM + length + TurnCore.TAILROOM + ALIGNMENT - 1) & -ALIGNMENT;
  }

  /** Whether these bytes lie outside the heap already, and need no room. */
  boolean isThere(ByteBuffer packet) {
    return packet == bytes;
  }

  /**
   * Where the bytes are outside the heap: where they lie already, or on the shelf, to which they
   * are copied.
   */
  long addressOf(ByteBuffer packet, int offset, int length) {
    if (isThere(packet)) {
      return address + offset;
    }
    int at = take(length);
    bytes.put(at, packet, offset, length);
    return address + at;
  }

  /**
   * Copies one of several datagrams that came as one, so that it has the room around it that the
   * core wants, and returns where it is. There it stays until it is {@link #handled} and sent,
   * whatever is sent meanwhile.
   */
  int cut(int from, int length) {
    int at = take(length);
    MemorySegment.copy(memory, from, memory, at, length);
    current = at - TurnCore.HEADROOM - shelf;
    currentEnd = onShelf;
    return at;
  }

  /** The core is done with what was cut last. */
  void handled() {
    current = 0;
    currentEnd = 0;
  }

  private int take(int length) {
    if (!hasRoom(length)) {
      throw new IllegalStateException("no room for " + length + " bytes more");
    }
    int place = place(length);
    onShelf = place + need(length);
    return shelf + place + TurnCore.HEADROOM;
  }

  /** Everything on the shelf is sent, but for the cut that the core has in hands. */
  void clearShelf() {
    onShelf = 0;
    kept = current;
    keptEnd = currentEnd;
  }

  /**
   * The length of each datagram but the last of those that the kernel handed over as one (UDP_GRO
   * of udp(7)); 0 when it is only one.
   *
   * @param control where the control message of {@code length} bytes is
   */
  static int segment(MemorySegment from, long control, long length) {
    boolean some =
        length >= Outgoing.CMSG_DATA + 4
            && from.get(JAVA_INT, control + Outgoing.CMSG_LEVEL) == Libc.SOL_UDP
            && from.get(JAVA_INT, control + Outgoing.CMSG_TYPE) == Libc.UDP_GRO;
    return some ? from.get(JAVA_INT, control + Outgoing.CMSG_DATA) : 0;
  }

  void close() {
    mapping.close();
  }
}
