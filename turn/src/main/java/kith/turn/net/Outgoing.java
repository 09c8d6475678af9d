package kith.turn.net;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import kith.turn.stun.TransportAddress;

/**
 * The packets that a turn holds back to send them together. Those of one length from one port to
 * one destination make a run, which the kernel takes as one and cuts (UDP_SEGMENT of udp(7)); the
 * last of a run may be shorter. What one destination gets stays in its order.
 */
final class Outgoing {
  // msghdr, mmsghdr and iovec of 64-bit Linux.
  static final int MMSGHDR = 64;
  static final int MSG_NAME = 0;
  static final int MSG_NAMELEN = 8;
  static final int MSG_IOV = 16;
  static final int MSG_IOVLEN = 24;
  static final int MSG_CONTROL = 32;
  static final int MSG_CONTROLLEN = 40;
  static final int MSG_LEN = 56;
  static final int IOVEC = 16;
  // cmsghdr and one number, padded.
  static final int CONTROL = 24;
  static final int CMSG_LEVEL = 8;
  static final int CMSG_TYPE = 12;
  static final int CMSG_DATA = 16;

  static final int MOST = 512;

  private static final int MOST_SEGMENTS = 64;
  private static final int LARGEST_RUN = 65_000;
  // What an Ethernet frame carries over IPv6: longer ones are rare, and the kernel would refuse.
  private static final int LARGEST_SEGMENT = 1_452;
  private static final int SINGLY_AFTER_FAILURE = 1_024;
  private static final int LATEST = 256;

  private final Arena arena = Arena.ofAuto();
  private final MemorySegment messages = arena.allocate((long) MOST * MMSGHDR, 64);
  private final MemorySegment names = arena.allocate((long) MOST * SocketAddresses.SIZE, 64);
  private final MemorySegment vectors = arena.allocate((long) MOST * IOVEC, 64);
  private final MemorySegment controls = arena.allocate((long) MOST * CONTROL, 64);
  // Slices made once: making one per call would be an object per call.
  private final MemorySegment[] slices = new MemorySegment[MOST];

  private final long[] address = new long[MOST];
  private final int[] length = new int[MOST];
  private final int[] next = new int[MOST];
  private int packets;

  private final NativePort[] port = new NativePort[MOST];
  private final TransportAddress[] destination = new TransportAddress[MOST];
  private final int[] first = new int[MOST];
  private final int[] last = new int[MOST];
  private final int[] count = new int[MOST];
  private final int[] total = new int[MOST];
  private final int[] nextOfPort = new int[MOST];
  private int runs;

  /** The latest run to a destination, by a hash of it; a collision only begins another run. */
  private final int[] latest = new int[LATEST];

  private final boolean segmenting;
  private int described;

  /**
   * @param segmenting whether the kernel cuts runs
   */
  Outgoing(boolean segmenting) {
    this.segmenting = segmenting;
    Arrays.fill(latest, -1);
    for (int i = 0; i < MOST; i++) {
      slices[i] = messages.asSlice((long) i * MMSGHDR);
      set(i, MSG_NAME, names.address() + (long) i * SocketAddresses.SIZE);
    }
  }

  private void set(int message, int field, long value) {
    messages.set(JAVA_LONG, (long) message * MMSGHDR + field, value);
  }

  boolean isFull() {
    return packets == MOST;
  }

  /** Whether there is room for what may follow from one packet that came. */
  boolean isNearlyFull() {
    return packets >= MOST - 4;
  }

  boolean isEmpty() {
    return packets == 0;
  }

  int runs() {
    return runs;
  }

  NativePort port(int run) {
    return port[run];
  }

  int count(int run) {
    return count[run];
  }

  int firstOf(int run) {
    return first[run];
  }

  long address(int packet) {
    return address[packet];
  }

  int length(int packet) {
    return length[packet];
  }

  /** The next run of the same port, -1 after the last. */
  int nextOfPort(int run) {
    return nextOfPort[run];
  }

  /** Holds a packet back, whose bytes stay where they are until {@link #clear}. */
  void add(NativePort from, TransportAddress to, long at, int bytes) {
    int packet = packets++;
    address[packet] = at;
    length[packet] = bytes;
    next[packet] = -1;
    boolean joins = segmenting && bytes > 0 && bytes <= LARGEST_SEGMENT && from.singly == 0;
    int slot = hash(from, to);
    int run = joins ? latest[slot] : -1;
    if (run >= 0 && isFor(run, from, to) && hasRoom(run, bytes)) {
      next[last[run]] = packet;
      last[run] = packet;
      count[run]++;
      total[run] += bytes;
    } else {
      run = begin(from, to, packet);
    }
    boolean open = joins && bytes == length[first[run]];
    latest[slot] = open ? run : -1;
    from.singly -= from.singly > 0 ? 1 : 0;
  }

  private static int hash(NativePort from, TransportAddress to) {
    long mixed = (to.low() * 31 + to.port()) * 31 + from.fd();
    return (int) (mixed * 0x9E3779B97F4A7C15L >>> 56) & (LATEST - 1);
  }

  private boolean isFor(int run, NativePort from, TransportAddress to) {
    TransportAddress other = destination[run];
    return port[run] == from
        && (other == to
            || other.port() == to.port() && other.low() == to.low() && other.high() == to.high());
  }

  private boolean hasRoom(int run, int bytes) {
    return bytes <= length[first[run]]
        && count[run] < MOST_SEGMENTS
        && total[run] + bytes <= LARGEST_RUN;
  }

  private int begin(NativePort from, TransportAddress to, int packet) {
    int run = runs++;
    port[run] = from;
    destination[run] = to;
    first[run] = packet;
    last[run] = packet;
    count[run] = 1;
    total[run] = length[packet];
    nextOfPort[run] = -1;
    if (from.firstRun < 0) {
      from.firstRun = run;
    } else {
      nextOfPort[from.lastRun] = run;
    }
    from.lastRun = run;
    return run;
  }

  /** Makes a message of the run, for sendmsg or sendmmsg. Each has its place: its own number. */
  void describe(int message, int run) {
    describeTo(message, destination[run], described, count[run]);
    for (int packet = first[run]; packet >= 0; packet = next[packet]) {
      vector(described++, packet);
    }
    if (count[run] > 1) {
      long control = (long) message * CONTROL;
      controls.set(JAVA_LONG, control, CMSG_DATA + 2);
      controls.set(JAVA_INT, control + CMSG_LEVEL, Libc.SOL_UDP);
      controls.set(JAVA_INT, control + CMSG_TYPE, Libc.UDP_SEGMENT);
      controls.set(JAVA_SHORT, control + CMSG_DATA, (short) length[first[run]]);
      set(message, MSG_CONTROL, controls.address() + control);
      set(message, MSG_CONTROLLEN, CONTROL);
    }
  }

  /** Makes a message of one packet that is already described within its run. */
  void describeAlone(int run, int packet) {
    vector(0, packet);
    describeTo(0, destination[run], 0, 1);
  }

  private void describeTo(int message, TransportAddress to, int firstVector, int vectorCount) {
    set(
        message,
        MSG_NAMELEN,
        SocketAddresses.write(names, (long) message * SocketAddresses.SIZE, to));
    set(message, MSG_IOV, vectors.address() + (long) firstVector * IOVEC);
    set(message, MSG_IOVLEN, vectorCount);
    set(message, MSG_CONTROL, 0);
    set(message, MSG_CONTROLLEN, 0);
  }

  private void vector(int vector, int packet) {
    vectors.set(JAVA_LONG, (long) vector * IOVEC, address[packet]);
    vectors.set(JAVA_LONG, (long) vector * IOVEC + 8, length[packet]);
  }

  /** Writes the run's destination where {@link #nameAddress} says, and returns its length. */
  int name(int message, int run) {
    return SocketAddresses.write(names, (long) message * SocketAddresses.SIZE, destination[run]);
  }

  long nameAddress(int message) {
    return names.address() + (long) message * SocketAddresses.SIZE;
  }

  MemorySegment message(int message) {
    return slices[message];
  }

  long messageAddress(int message) {
    return messages.address() + (long) message * MMSGHDR;
  }

  /**
   * Sends this message, which failed, once more: when an ICMP error waited at the socket, it took
   * the error along, and the next call succeeds.
   *
   * @return 1, or -1 when it failed for good
   */
  int sendAgain(Libc libc, NativePort from, int message) {
    int sent = libc.sendFirst(from.fd(), slices[message]);
    // Another error may have come in between.
    return sent < 0 && from.tellsErrors() && libc.errno() != Libc.EAGAIN
        ? libc.sendFirst(from.fd(), slices[message])
        : sent;
  }

  /** As {@link #sendAgain}, for a run whose message is not needed any more. */
  boolean sendRunAgain(Libc libc, int run) {
    described = 0;
    describe(0, run);
    return sendAgain(libc, port[run], 0) == 1;
  }

  /**
   * Sends the packets of a run one by one after it could not be sent as one.
   *
   * @return how many could not be sent that way either
   */
  int sendSingly(Libc libc, int run) {
    port[run].singly = SINGLY_AFTER_FAILURE;
    int lost = 0;
    for (int packet = first[run]; packet >= 0; packet = next[packet]) {
      describeAlone(run, packet);
      lost += sendAgain(libc, port[run], 0) == 1 ? 0 : 1;
    }
    return lost;
  }

  /** Everything is sent. */
  void clear() {
    for (int run = 0; run < runs; run++) {
      port[run].firstRun = -1;
      port[run].lastRun = -1;
      latest[hash(port[run], destination[run])] = -1;
    }
    packets = 0;
    runs = 0;
    described = 0;
  }
}
