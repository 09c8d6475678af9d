package kith.turn.net;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static kith.turn.net.Outgoing.CONTROL;
import static kith.turn.net.Outgoing.IOVEC;
import static kith.turn.net.Outgoing.MMSGHDR;
import static kith.turn.net.Outgoing.MSG_CONTROL;
import static kith.turn.net.Outgoing.MSG_CONTROLLEN;
import static kith.turn.net.Outgoing.MSG_IOV;
import static kith.turn.net.Outgoing.MSG_IOVLEN;
import static kith.turn.net.Outgoing.MSG_LEN;
import static kith.turn.net.Outgoing.MSG_NAME;
import static kith.turn.net.Outgoing.MSG_NAMELEN;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import kith.turn.Relay;
import kith.turn.TurnCore;
import org.jspecify.annotations.Nullable;

/**
 * Linux's epoll with recvmmsg and sendmmsg, called through the foreign-function API. Packets are
 * received many at a time into slots outside the heap, rewritten there, and sent from there many at
 * a time: none is copied, and none makes an object.
 */
final class MmsgEngine extends NativeEngine {
  private static final int SLOTS = 128;
  private static final int OF_LISTENER = 64;
  private static final int OF_RELAY = 16;
  private static final int EVENTS = 256;

  // struct epoll_event is packed on x86 alone.
  private static final boolean PACKED = System.getProperty("os.arch").equals("amd64");
  private static final int EVENT = PACKED ? 12 : 16;
  private static final int EVENT_DATA = PACKED ? 4 : 8;

  private final Arena arena = Arena.ofAuto();
  private final int epoll;
  private final MemorySegment events = arena.allocate((long) EVENTS * EVENT, 8);
  private final MemorySegment names = arena.allocate((long) SLOTS * SocketAddresses.SIZE, 64);
  private final MemorySegment vectors = arena.allocate((long) SLOTS * IOVEC, 64);
  private final MemorySegment controls = arena.allocate((long) SLOTS * CONTROL, 64);
  private final MemorySegment received = arena.allocate((long) SLOTS * MMSGHDR, 64);
  // Slices made once: making one per call would be an object per call.
  private final MemorySegment[] receivedFrom = new MemorySegment[SLOTS];
  private final int[] runOfMessage = new int[Outgoing.MOST];
  private int slotsUsed;
  private final List<@Nullable NativePort> ports = new ArrayList<>();
  private final List<Integer> freeIds = new ArrayList<>();

  MmsgEngine() throws IOException {
    super(SLOTS);
    epoll = libc.epollCreate();
    watch(wakeup.fd(), -1);
    for (int i = 0; i < SLOTS; i++) {
      long message = (long) i * MMSGHDR;
      vectors.set(JAVA_LONG, (long) i * IOVEC, packets.address(i) + TurnCore.HEADROOM);
      vectors.set(JAVA_LONG, (long) i * IOVEC + 8, PacketMemory.LARGEST);
      received.set(
          JAVA_LONG, message + MSG_NAME, names.address() + (long) i * SocketAddresses.SIZE);
      received.set(JAVA_LONG, message + MSG_IOV, vectors.address() + (long) i * IOVEC);
      received.set(JAVA_LONG, message + MSG_IOVLEN, 1);
      received.set(JAVA_LONG, message + MSG_CONTROL, controls.address() + (long) i * CONTROL);
      receivedFrom[i] = received.asSlice(message);
    }
  }

  private void watch(int fd, int id) throws IOException {
    events.set(JAVA_INT, 0, Libc.EPOLLIN);
    events.set(JAVA_LONG_UNALIGNED, EVENT_DATA, id);
    libc.epollControl(epoll, Libc.EPOLL_CTL_ADD, fd, events);
  }

  @Override
  public void receive(Port port, Object owner) throws IOException {
    NativePort taken = (NativePort) port;
    taken.owner = owner;
    taken.holder = this;
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
    if (released.holder == this) {
      forget(released);
      libc.epollDelete(epoll, released.fd());
    }
  }

  @Override
  void forget(NativePort port) {
    if (port.firstRun >= 0) {
      flush();
    }
    ports.set(port.id, null);
    freeIds.add(port.id);
    port.holder = null;
  }

  /** Each port's packets together. */
  @Override
  void flush() {
    int message = 0;
    for (int run = 0; run < outgoing.runs(); run++) {
      NativePort port = outgoing.port(run);
      int begin = message;
      for (int own = port.firstRun; own >= 0; own = outgoing.nextOfPort(own)) {
        runOfMessage[message] = own;
        outgoing.describe(message++, own);
      }
      port.firstRun = -1;
      if (message > begin) {
        sendAll(port, begin, message);
      }
    }
    outgoing.clear();
    packets.clearShelf();
  }

  /**
   * A packet that cannot be sent is passed over; when the socket is full the rest is dropped, as a
   * full network would.
   */
  private void sendAll(NativePort port, int begin, int end) {
    for (int at = begin; at < end; ) {
      int more = libc.sendmmsg(port.fd(), outgoing.message(at), end - at);
      if (more <= 0) {
        more = outgoing.sendAgain(libc, port, at);
      }
      if (more < 0 && libc.errno() == Libc.EAGAIN) {
        for (; at < end; at++) {
          lost += outgoing.count(runOfMessage[at]);
        }
        return;
      }
      if (more < 0) {
        int run = runOfMessage[at];
        lost += outgoing.count(run) > 1 ? outgoing.sendSingly(libc, run) : 1;
      }
      at += Math.max(more, 1);
    }
  }

  @Override
  public void poll(long timeoutMillis, Receiver receiver) throws IOException {
    flush();
    int ready = libc.epollWait(epoll, events, EVENTS, (int) timeoutMillis);
    receiver.arriving();
    for (int i = 0; i < ready; i++) {
      int id = (int) events.get(JAVA_LONG_UNALIGNED, (long) i * EVENT + EVENT_DATA);
      if (id < 0) {
        wakeup.clear();
      } else {
        NativePort port = ports.get(id);
        if (port != null) {
          ready(port, events.get(JAVA_INT, (long) i * EVENT), receiver);
        }
      }
    }
    flush();
    slotsUsed = 0;
  }

  /** EPOLLERR stays set for as long as errors wait, so those that are left come next turn. */
  private void ready(NativePort port, int ready, Receiver receiver) throws IOException {
    Object owner = port.owner;
    boolean told =
        owner != null
            && port.tellsErrors()
            && (ready & Libc.EPOLLERR) != 0
            && errors.read(port, owner, receiver) > 0;
    // An error that the kernel had no memory to keep is taken away by reading, too.
    if (port.holder == this && (!told || (ready & Libc.EPOLLIN) != 0)) {
      read(port, receiver);
    }
  }

  private void read(NativePort port, Receiver receiver) throws IOException {
    int most = port.owner instanceof Relay ? OF_RELAY : OF_LISTENER;
    if (slotsUsed + most > SLOTS) {
      flush();
      slotsUsed = 0;
    }
    int first = slotsUsed;
    for (int i = first; i < first + most; i++) {
      received.set(JAVA_INT, (long) i * MMSGHDR + MSG_NAMELEN, SocketAddresses.SIZE);
      received.set(JAVA_LONG, (long) i * MMSGHDR + MSG_CONTROLLEN, CONTROL);
    }
    int count = libc.recvmmsg(port.fd(), receivedFrom[first], most);
    if (count < 0 && port.tellsErrors()) {
      // An error came first; what was received is behind it.
      count = libc.recvmmsg(port.fd(), receivedFrom[first], most);
    }
    slotsUsed += Math.max(count, 0);
    Object owner = port.owner;
    for (int i = first; i < first + count && owner != null; i++) {
      handOver(i, owner, receiver);
    }
  }

  private void handOver(int slot, Object owner, Receiver receiver) throws IOException {
    int length = received.get(JAVA_INT, (long) slot * MMSGHDR + MSG_LEN);
    long control = received.get(JAVA_LONG, (long) slot * MMSGHDR + MSG_CONTROLLEN);
    int segment = PacketMemory.segment(controls, (long) slot * CONTROL, control);
    int at = PacketMemory.offset(slot) + TurnCore.HEADROOM;
    long name = (long) slot * SocketAddresses.SIZE;
    handOver(owner, names, name, at, length, segment, receiver);
  }

  @Override
  public void pause() {
    waitPunctually();
    LockSupport.parkNanos(Pace.PAUSE);
  }

  @Override
  public void close() {
    flush();
    for (NativePort port : List.copyOf(ports.stream().filter(Objects::nonNull).toList())) {
      port.close();
    }
    wakeup.close();
    Libc.close(epoll);
    packets.close();
  }
}
