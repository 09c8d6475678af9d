package kith.turn.net;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Linux's io_uring, called through the foreign-function API. One call a turn sends all that the
 * last one made, and waits for more: every socket has a receive that goes on by itself, into
 * buffers that the kernel chooses. Packets are rewritten and sent where they arrived: none is
 * copied, and none makes an object.
 */
final class UringEngine extends NativeEngine {
  private static final int BUFFERS = 512;
  private static final int GROUP = 0;
  private static final int SUBMISSIONS = 1_024;
  private static final int COMPLETIONS = 4_096;
  private static final int GATHERED = 256;
  private static final int CLOSING_ROUNDS = 100;
  private static final long CLOSING_WAIT = 10_000_000;
  private static final int ENOBUFS = 105;
  private static final int EPOLLIN = 1;

  // What a receive writes before the packet: struct io_uring_recvmsg_out, then the source and the
  // control message. The core writes its headers over them.
  private static final int OUT_CONTROL_LENGTH = 4;
  private static final int NAME = 16;
  private static final int CONTROL = NAME + SocketAddresses.SIZE;
  private static final int PAYLOAD = CONTROL + Outgoing.CONTROL;

  // What a completion is of: in the upper half of its user data.
  private static final int OF_RECEIVE = 1;
  private static final int OF_SEND = 2;
  private static final int OF_WAKEUP = 3;
  private static final int OF_CANCEL = 4;

  private final Arena arena = Arena.ofAuto();
  private final Ring ring;
  private final MemorySegment bytes = packets.memory();
  private final Mapping bufferRing = Mapping.anonymous(Ring.sizeOfBuffers(BUFFERS));
  private final MemorySegment receiving = arena.allocate(Outgoing.MSG_LEN, 8);
  private int offered;
  // Buffers that are read and can go back once what is held back is sent.
  private final int[] read = new int[BUFFERS];
  private int readCount;
  private final List<Receive> receives = new ArrayList<>();
  private final List<Receive> idle = new ArrayList<>();
  private final List<Receive> ending = new ArrayList<>();
  // Of sockets with calls that an error ended: it waits to be read.
  private final List<Receive> failing = new ArrayList<>();
  private int armed;
  private int searched;
  private boolean awaitsWakeup;
  private boolean starved;
  private boolean gathering;

  /** A receive that goes on until it is cancelled, or runs out of buffers. */
  private static final class Receive {
    final int id;
    @Nullable NativePort port;
    @Nullable Object owner;
    boolean isFailing;

    Receive(int id) {
      this.id = id;
    }
  }

  UringEngine() throws IOException {
    this(new Ring(SUBMISSIONS, COMPLETIONS));
  }

  /** The ring comes first: where io_uring is forbidden, nothing else is there to be let go. */
  private UringEngine(Ring ring) throws IOException {
    super(BUFFERS);
    this.ring = ring;
    receiving.set(ValueLayout.JAVA_INT, Outgoing.MSG_NAMELEN, SocketAddresses.SIZE);
    receiving.set(ValueLayout.JAVA_LONG, Outgoing.MSG_CONTROLLEN, Outgoing.CONTROL);
    try {
      ring.buffers(bufferRing.memory(), BUFFERS, GROUP);
    } catch (IOException e) {
      close();
      throw e;
    }
    for (int buffer = 0; buffer < BUFFERS; buffer++) {
      read[readCount++] = buffer;
    }
    giveBack();
  }

  @Override
  public void receive(Port port, Object owner) throws IOException {
    NativePort taken = (NativePort) port;
    Receive receive = idle.isEmpty() ? another() : idle.removeLast();
    receive.port = taken;
    receive.owner = owner;
    if (taken.id >= 0 && taken.tellsErrors()) {
      // Whoever had it before may have left errors behind.
      hasErrors(receive);
    }
    taken.holder = this;
    taken.id = receive.id;
    arm(receive);
  }

  private Receive another() {
    Receive made = new Receive(receives.size());
    receives.add(made);
    return made;
  }

  private long submission(int opcode, int flags, int fd, long userData) throws IOException {
    if (ring.isFull()) {
      ring.enter(0, 0, 0);
    }
    return ring.submission(opcode, flags, fd, userData);
  }

  private static long tag(int of, int number) {
    return (long) of << 32 | number;
  }

  private void arm(Receive receive) throws IOException {
    NativePort port = receive.port;
    if (port == null) {
      idle.add(receive);
      return;
    }
    long at =
        submission(Ring.OP_RECVMSG, Ring.BUFFER_SELECT, port.fd(), tag(OF_RECEIVE, receive.id));
    ring.set(at, Ring.IOPRIO, (short) Ring.MULTISHOT_RECEIVE);
    ring.set(at, Ring.ADDR, receiving.address());
    ring.set(at, Ring.BUFFER_GROUP, (short) GROUP);
    armed++;
  }

  @Override
  public void release(Port port) {
    NativePort released = (NativePort) port;
    if (released.holder == this) {
      forget(released);
    }
  }

  @Override
  void forget(NativePort port) {
    try {
      if (port.firstRun >= 0) {
        flush();
      }
      Receive receive = receives.get(port.id);
      receive.port = null;
      receive.owner = null;
      port.holder = null;
      long at = submission(Ring.OP_ASYNC_CANCEL, Ring.SKIP_SUCCESS, -1, tag(OF_CANCEL, receive.id));
      ring.set(at, Ring.ADDR, tag(OF_RECEIVE, receive.id));
      // At once: the receive holds the socket, and its port would stay taken.
      ring.enter(1, 0, 0);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  // Sending

  @Override
  void flush() throws IOException {
    if (outgoing.isEmpty()) {
      // Packets that the core dropped take room as well.
      letGo();
      return;
    }
    submitRuns();
    ring.enter(0, 0, 0);
    settle();
  }

  private void submitRuns() throws IOException {
    for (int run = 0; run < outgoing.runs(); run++) {
      int fd = outgoing.port(run).fd();
      boolean alone = outgoing.count(run) == 1;
      long at =
          submission(
              alone ? Ring.OP_SEND : Ring.OP_SENDMSG, Ring.SKIP_SUCCESS, fd, tag(OF_SEND, run));
      ring.set(at, Ring.OP_FLAGS, Libc.MSG_DONTWAIT);
      if (alone) {
        int packet = outgoing.firstOf(run);
        int nameLength = outgoing.name(run, run);
        ring.set(at, Ring.ADDR, outgoing.address(packet));
        ring.set(at, Ring.LEN, outgoing.length(packet));
        ring.set(at, Ring.ADDR2, outgoing.nameAddress(run));
        ring.set(at, Ring.ADDR_LEN, (short) nameLength);
      } else {
        outgoing.describe(run, run);
        ring.set(at, Ring.ADDR, outgoing.messageAddress(run));
        ring.set(at, Ring.LEN, 1);
      }
    }
  }

  /** What was submitted is sent, unless it failed, which only then makes a completion. */
  private void settle() {
    int end = ring.endOfCompletions();
    for (; searched != end; searched++) {
      long data = ring.userData(searched);
      if (data >>> 32 == OF_SEND) {
        failed((int) data, ring.result(searched));
      }
    }
    outgoing.clear();
    letGo();
  }

  /** Nothing is held back that needs what was read. */
  private void letGo() {
    packets.clearShelf();
    giveBack();
  }

  /**
   * What is sent again is sent after the rest of the turn; no packet is lost by another's error.
   */
  private void failed(int run, int result) {
    NativePort port = outgoing.port(run);
    int count = outgoing.count(run);
    boolean full = result == -Libc.EAGAIN;
    if (!full && port.tellsErrors()) {
      if (port.holder == this) {
        hasErrors(receives.get(port.id));
      }
      if (outgoing.sendRunAgain(libc, run)) {
        return;
      }
    }
    lost += count == 1 || full ? count : outgoing.sendSingly(libc, run);
  }

  private void giveBack() {
    for (int i = 0; i < readCount; i++) {
      int buffer = read[i];
      Ring.buffer(
          bufferRing.memory(),
          offered++ & (BUFFERS - 1),
          packets.address(buffer),
          PAYLOAD + PacketMemory.LARGEST,
          buffer);
    }
    readCount = 0;
    Ring.offer(bufferRing.memory(), offered);
  }

  // Receiving

  @Override
  public void poll(long timeoutMillis, Receiver receiver) throws IOException {
    if (!awaitsWakeup) {
      awaitWakeup();
    }
    // Before receives are begun anew: while errors wait, they would be ready without a packet.
    boolean more = tellErrors(receiver);
    if (starved) {
      // The buffers must be back before a receive is begun anew.
      flush();
      starved = false;
    }
    rearm();
    submitRuns();
    await(more ? 0 : Math.max(0, timeoutMillis) * 1_000_000);
    receiver.arriving();
    settle();
    int end = searched;
    int completion = ring.firstCompletion();
    try {
      while (completion != end) {
        completed(completion++, receiver);
      }
    } finally {
      // What failed is passed over: it would fail again.
      ring.seen(completion);
    }
  }

  /** An error fails a send or a receive, so a socket where none failed has none. */
  private void hasErrors(Receive receive) {
    if (!receive.isFailing) {
      receive.isFailing = true;
      failing.add(receive);
    }
  }

  /**
   * Tells the errors that wait.
   *
   * @return whether more may wait
   */
  private boolean tellErrors(Receiver receiver) {
    if (failing.isEmpty()) {
      return false;
    }
    int before = failing.size();
    for (int i = 0; i < before; i++) {
      Receive receive = failing.get(i);
      receive.isFailing = false;
      NativePort port = receive.port;
      Object owner = receive.owner;
      if (port != null
          && owner != null
          && errors.read(port, owner, receiver) == ErrorQueue.AT_ONCE) {
        hasErrors(receive);
      }
    }
    failing.subList(0, before).clear();
    return !failing.isEmpty();
  }

  private void await(long nanos) throws IOException {
    if (!gathering || nanos == 0) {
      ring.enter(1, 0, nanos);
    } else if (ring.gathers()) {
      ring.enter(GATHERED, Pace.PAUSE, nanos);
    } else {
      ring.enter(GATHERED, 0, Pace.PAUSE);
      ring.enter(1, 0, nanos);
    }
    gathering = false;
  }

  private void awaitWakeup() throws IOException {
    long at = submission(Ring.OP_POLL_ADD, 0, wakeup.fd(), tag(OF_WAKEUP, 0));
    ring.set(at, Ring.LEN, Ring.MULTISHOT_POLL);
    ring.set(at, Ring.OP_FLAGS, EPOLLIN);
    awaitsWakeup = true;
    armed++;
  }

  private void rearm() throws IOException {
    for (int i = 0; i < ending.size(); i++) {
      arm(ending.get(i));
    }
    ending.clear();
  }

  private void completed(int completion, Receiver receiver) throws IOException {
    long data = ring.userData(completion);
    int flags = ring.flags(completion);
    int of = (int) (data >>> 32);
    if ((of == OF_WAKEUP || of == OF_RECEIVE) && (flags & Ring.MORE) == 0) {
      armed--;
      awaitsWakeup &= of != OF_WAKEUP;
    }
    if (of == OF_WAKEUP) {
      wakeup.clear();
    }
    if (of == OF_RECEIVE) {
      Receive receive = receives.get((int) data);
      if ((flags & Ring.MORE) == 0) {
        ending.add(receive);
      }
      arrived(receive, ring.result(completion), flags, receiver);
    }
  }

  private void arrived(Receive receive, int result, int flags, Receiver receiver)
      throws IOException {
    starved |= result == -ENOBUFS;
    NativePort port = receive.port;
    if (result < 0 && result != -ENOBUFS && port != null && port.tellsErrors()) {
      hasErrors(receive);
    }
    if ((flags & Ring.HAS_BUFFER) == 0) {
      return;
    }
    int buffer = flags >>> Ring.BUFFER_SHIFT;
    Object owner = receive.owner;
    try {
      if (owner != null && result >= PAYLOAD) {
        int at = PacketMemory.offset(buffer);
        int control = bytes.get(ValueLayout.JAVA_INT, at + OUT_CONTROL_LENGTH);
        int segment = PacketMemory.segment(bytes, at + CONTROL, control);
        handOver(owner, bytes, at + NAME, at + PAYLOAD, result - PAYLOAD, segment, receiver);
      }
    } finally {
      read[readCount++] = buffer;
    }
  }

  @Override
  public void pause() {
    waitPunctually();
    gathering = true;
  }

  // The end

  @Override
  public void close() {
    try {
      flush();
      for (Receive receive : receives) {
        if (receive.port != null) {
          receive.port.close();
        }
      }
      cancelAll();
    } catch (IOException e) {
      System.getLogger("kith.turn").log(System.Logger.Level.DEBUG, "while closing", e);
    }
    wakeup.close();
    ring.close();
    bufferRing.close();
    packets.close();
  }

  /** A socket is not closed before its receive is. */
  private void cancelAll() throws IOException {
    if (armed > 0) {
      long at = submission(Ring.OP_ASYNC_CANCEL, Ring.SKIP_SUCCESS, -1, tag(OF_CANCEL, 0));
      ring.set(at, Ring.OP_FLAGS, Ring.CANCEL_ANY | Ring.CANCEL_ALL);
    }
    for (int round = 0; round < CLOSING_ROUNDS && armed > 0; round++) {
      ring.enter(1, 0, CLOSING_WAIT);
      int end = ring.endOfCompletions();
      for (int completion = ring.firstCompletion(); completion != end; completion++) {
        completed(completion, NOBODY);
      }
      ring.seen(end);
      searched = end;
      giveBack();
    }
  }

  private static final Receiver NOBODY =
      new Receiver() {
        @Override
        public void arriving() {}

        @Override
        public void unreachable(
            Object owner, long high, long low, int port, int type, int code, int data) {}

        @Override
        public void received(
            Object owner,
            long high,
            long low,
            int port,
            ByteBuffer packet,
            int offset,
            int length) {}
      };
}
