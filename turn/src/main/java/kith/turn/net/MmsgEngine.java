package kith.turn.net;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import kith.turn.Relay;
import kith.turn.TurnCore;
import kith.turn.stun.TransportAddress;
import org.jspecify.annotations.Nullable;

/**
 * Linux's epoll with recvmmsg and sendmmsg, called through the foreign-function API. Packets are
 * received many at a time into slots outside the heap, rewritten there, and sent from there many at
 * a time: none is copied, and none makes an object.
 */
final class MmsgEngine implements DatagramEngine {
  // msghdr, iovec and mmsghdr of 64-bit Linux.
  private static final int MMSGHDR = 64;
  private static final int MSG_NAME = 0;
  private static final int MSG_NAMELEN = 8;
  private static final int MSG_IOV = 16;
  private static final int MSG_IOVLEN = 24;
  private static final int MSG_LEN = 56;
  private static final int IOVEC = 16;

  private static final int SLOTS = 128;
  private static final int LARGEST = 65_535;
  // Not a power of two, or the starts of all slots would share a few sets of the cache.
  private static final int STRIDE = 65_536 + 1_024 + 64;
  private static final int OF_LISTENER = 64;
  private static final int OF_RELAY = 16;
  private static final int PENDING = 512;
  private static final int OWN_SLOTS = 64;
  private static final int OWN_SLOT = 2_112;
  private static final int EVENTS = 256;
  private static final long PAUSE = 30_000;

  // struct epoll_event is packed on x86 alone.
  private static final boolean PACKED = System.getProperty("os.arch").equals("amd64");
  private static final int EVENT = PACKED ? 12 : 16;
  private static final int EVENT_DATA = PACKED ? 4 : 8;

  private final Arena arena = Arena.ofAuto();
  private final Libc libc = new Libc();
  private final Libc waker = new Libc();
  private final int epoll;
  private final int wakeup;
  private final MemorySegment events = arena.allocate((long) EVENTS * EVENT, 8);
  private final MemorySegment slots = arena.allocate((long) SLOTS * STRIDE, 64);
  private final ByteBuffer packets = slots.asByteBuffer();
  private final long packetsAddress = slots.address();
  private final MemorySegment names = arena.allocate((long) SLOTS * SocketAddresses.SIZE, 64);
  private final MemorySegment vectors = arena.allocate((long) SLOTS * IOVEC, 64);
  private final MemorySegment received = arena.allocate((long) SLOTS * MMSGHDR, 64);
  // Replies are written by the core on the heap; they are copied here.
  private final MemorySegment own = arena.allocate((long) OWN_SLOTS * OWN_SLOT, 64);
  private final ByteBuffer ownBytes = own.asByteBuffer();
  private final MemorySegment sendNames = arena.allocate((long) PENDING * SocketAddresses.SIZE, 64);
  private final MemorySegment sendVectors = arena.allocate((long) PENDING * IOVEC, 64);
  private final MemorySegment sending = arena.allocate((long) PENDING * MMSGHDR, 64);
  // Slices made once: making one per call would be an object per call.
  private final MemorySegment[] receivedFrom = slices(received, SLOTS);
  private final MemorySegment[] sendingFrom = slices(sending, PENDING);
  private final int[] next = new int[PENDING];
  private final long[] data = new long[PENDING];
  private final int[] lengths = new int[PENDING];
  private final TransportAddress[] destinations = new TransportAddress[PENDING];
  private final NativePort[] holding = new NativePort[PENDING];
  private int holdingCount;
  private int pending;
  private int ownUsed;
  private int slotsUsed;
  private long lost;
  private boolean punctual;
  private final List<@Nullable NativePort> ports = new ArrayList<>();
  private final List<Integer> freeIds = new ArrayList<>();

  MmsgEngine() throws IOException {
    epoll = libc.epollCreate();
    wakeup = libc.eventfd();
    watch(wakeup, -1);
    for (int i = 0; i < SLOTS; i++) {
      long message = (long) i * MMSGHDR;
      vectors.set(
          JAVA_LONG, (long) i * IOVEC, packetsAddress + (long) i * STRIDE + TurnCore.HEADROOM);
      vectors.set(JAVA_LONG, (long) i * IOVEC + 8, LARGEST);
      received.set(
          JAVA_LONG, message + MSG_NAME, names.address() + (long) i * SocketAddresses.SIZE);
      received.set(JAVA_LONG, message + MSG_IOV, vectors.address() + (long) i * IOVEC);
      received.set(JAVA_LONG, message + MSG_IOVLEN, 1);
    }
    for (int i = 0; i < PENDING; i++) {
      long message = (long) i * MMSGHDR;
      sending.set(
          JAVA_LONG, message + MSG_NAME, sendNames.address() + (long) i * SocketAddresses.SIZE);
      sending.set(JAVA_LONG, message + MSG_IOV, sendVectors.address() + (long) i * IOVEC);
      sending.set(JAVA_LONG, message + MSG_IOVLEN, 1);
    }
  }

  private static MemorySegment[] slices(MemorySegment messages, int count) {
    MemorySegment[] made = new MemorySegment[count];
    for (int i = 0; i < count; i++) {
      made[i] = messages.asSlice((long) i * MMSGHDR);
    }
    return made;
  }

  private void watch(int fd, int id) throws IOException {
    events.set(JAVA_INT, 0, Libc.EPOLLIN);
    events.set(JAVA_LONG_UNALIGNED, EVENT_DATA, id);
    libc.epollControl(epoll, Libc.EPOLL_CTL_ADD, fd, events);
  }

  /** Whether the kernel takes the calls: a container's filter may not. */
  boolean isUsable() throws IOException {
    NativePort probe =
        NativePort.bind(libc, TransportAddress.of(InetAddress.getLoopbackAddress(), 0), true);
    try {
      hold(probe, probe.local(), own.address(), 1);
      flush();
      return takeLost() == 0 && libc.recvmmsg(probe.fd(), received, 1) == 1;
    } finally {
      probe.close();
    }
  }

  @Override
  public Port bind(TransportAddress local, boolean shared) throws IOException {
    return NativePort.bind(libc, local, shared);
  }

  @Override
  public boolean takes(Port port) {
    return port instanceof NativePort;
  }

  @Override
  public void receive(Port port, Object owner) throws IOException {
    NativePort taken = (NativePort) port;
    taken.owner = owner;
    taken.engine = this;
    int id = freeIds.isEmpty() ? ports.size() : freeIds.removeLast();
    if (id == ports.size()) {
      ports.add(taken);
    } else {
      ports.set(id, taken);
    }
    taken.id = id;
    watch(taken.fd(), id);
  }

  @Override
  public void release(Port port) {
    NativePort released = (NativePort) port;
    if (released.engine == this) {
      forget(released);
      libc.epollDelete(epoll, released.fd());
    }
  }

  /** Sends what is held back for this port and lets go of it. */
  void forget(NativePort port) {
    flush();
    ports.set(port.id, null);
    freeIds.add(port.id);
    port.engine = null;
  }

  @Override
  public boolean send(
      Port from,
      TransportAddress to,
      ByteBuffer packet,
      int offset,
      int length,
      boolean dontFragment) {
    NativePort port = (NativePort) from;
    if (!port.isOpen() || length > LARGEST) {
      return false;
    }
    if (dontFragment) {
      return sendWhole(port, to, packet, offset, length);
    }
    if (pending == PENDING || packet != packets && ownUsed == OWN_SLOTS) {
      flush();
    }
    hold(port, to, addressOf(packet, offset, length), length);
    return true;
  }

  /**
   * Where the bytes are outside the heap: in the slot they came in, or in one of our own they are
   * copied to.
   */
  private long addressOf(ByteBuffer packet, int offset, int length) {
    if (packet == packets) {
      return packetsAddress + offset;
    }
    if (length > OWN_SLOT) {
      throw new IllegalArgumentException("a reply of " + length + " bytes");
    }
    int at = ownUsed++ * OWN_SLOT;
    ownBytes.put(at, packet, offset, length);
    return own.address() + at;
  }

  private void hold(NativePort port, TransportAddress to, long address, int length) {
    int entry = pending++;
    data[entry] = address;
    lengths[entry] = length;
    destinations[entry] = to;
    next[entry] = -1;
    if (port.firstPending < 0) {
      port.firstPending = entry;
      holding[holdingCount++] = port;
    } else {
      next[port.lastPending] = entry;
    }
    port.lastPending = entry;
  }

  private boolean sendWhole(
      NativePort port, TransportAddress to, ByteBuffer packet, int offset, int length) {
    flush();
    try {
      port.dontFragment(libc, true);
      hold(port, to, addressOf(packet, offset, length), length);
      flush();
      port.dontFragment(libc, false);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Sends all that is held back, each port's packets together. */
  private void flush() {
    for (int i = 0; i < holdingCount; i++) {
      NativePort port = holding[i];
      int count = 0;
      for (int entry = port.firstPending; entry >= 0; entry = next[entry]) {
        describe(count++, entry);
      }
      port.firstPending = -1;
      port.lastPending = -1;
      sendAll(port.fd(), count);
    }
    holdingCount = 0;
    pending = 0;
    ownUsed = 0;
  }

  private void describe(int index, int entry) {
    long name = (long) index * SocketAddresses.SIZE;
    long vector = (long) index * IOVEC;
    int length = SocketAddresses.write(sendNames, name, destinations[entry]);
    sending.set(JAVA_INT, (long) index * MMSGHDR + MSG_NAMELEN, length);
    sendVectors.set(JAVA_LONG, vector, data[entry]);
    sendVectors.set(JAVA_LONG, vector + 8, lengths[entry]);
  }

  /**
   * A packet that cannot be sent is passed over; when the socket is full the rest is dropped, as a
   * full network would.
   */
  private void sendAll(int fd, int count) {
    for (int sent = 0; sent < count; ) {
      int more = libc.sendmmsg(fd, sendingFrom[sent], count - sent);
      if (more < 0) {
        more = libc.sendFirst(fd, sendingFrom[sent]);
      }
      if (more < 0 && libc.errno() == Libc.EAGAIN) {
        lost += count - sent;
        return;
      }
      if (more < 0) {
        lost++;
      }
      sent += Math.max(more, 1);
    }
  }

  @Override
  public long takeLost() {
    long count = lost;
    lost = 0;
    return count;
  }

  @Override
  public void poll(long timeoutMillis, Receiver receiver) {
    flush();
    int ready = libc.epollWait(epoll, events, EVENTS, (int) timeoutMillis);
    receiver.arriving();
    for (int i = 0; i < ready; i++) {
      int id = (int) events.get(JAVA_LONG_UNALIGNED, (long) i * EVENT + EVENT_DATA);
      if (id < 0) {
        libc.clear(wakeup);
      } else {
        NativePort port = ports.get(id);
        if (port != null) {
          read(port, receiver);
        }
      }
    }
    flush();
    slotsUsed = 0;
  }

  private void read(NativePort port, Receiver receiver) {
    int most = port.owner instanceof Relay ? OF_RELAY : OF_LISTENER;
    if (slotsUsed + most > SLOTS) {
      flush();
      slotsUsed = 0;
    }
    int first = slotsUsed;
    for (int i = first; i < first + most; i++) {
      received.set(JAVA_INT, (long) i * MMSGHDR + MSG_NAMELEN, SocketAddresses.SIZE);
    }
    int count = libc.recvmmsg(port.fd(), receivedFrom[first], most);
    slotsUsed += Math.max(count, 0);
    Object owner = port.owner;
    for (int i = first; i < first + count && owner != null; i++) {
      long name = (long) i * SocketAddresses.SIZE;
      receiver.received(
          owner,
          SocketAddresses.high(names, name),
          SocketAddresses.low(names, name),
          SocketAddresses.port(names, name),
          packets,
          i * STRIDE + TurnCore.HEADROOM,
          received.get(JAVA_INT, (long) i * MMSGHDR + MSG_LEN));
    }
  }

  @Override
  public void pause() {
    if (!punctual) {
      Libc.wakePunctually();
      punctual = true;
    }
    LockSupport.parkNanos(PAUSE);
  }

  @Override
  public void wake() {
    synchronized (waker) {
      waker.signal(wakeup);
    }
  }

  @Override
  public void close() {
    flush();
    for (NativePort port : List.copyOf(ports.stream().filter(Objects::nonNull).toList())) {
      port.close();
    }
    synchronized (waker) {
      Libc.close(wakeup);
    }
    Libc.close(epoll);
  }
}
