package kith.turn.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.util.ArrayDeque;
import kith.turn.Flow;
import kith.turn.Listener;
import kith.turn.TurnCore;
import kith.turn.stun.TransportAddress;
import org.jspecify.annotations.Nullable;

/**
 * A client over TCP or TLS. Messages are cut out of the stream as RFC 8656 §2.1 and RFC 8489 §6.2.2
 * have it; a frame that does not come whole in time, or that is too long for who sends it, ends the
 * connection.
 */
final class StreamConnection implements NioEngine.Ready {
  private static final int READS_AT_ONCE = 8;
  private static final int MOST_QUEUED = 256 * 1024;

  // Changes when the connection moves to another loop; only that loop touches the rest then.
  private volatile Streams streams;
  private final ByteStream stream;
  private final Flow flow;
  private final ArrayDeque<ByteBuffer> queue = new ArrayDeque<>();
  private @Nullable ByteBuffer gathered;
  private int queued;
  private @Nullable BegunFrame partial;
  // Counted from its first bytes: dribbling buys no time.
  private long partialSince;
  // What came behind a request that has it go elsewhere.
  private @Nullable ByteBuffer early;
  private long lastFrame;
  private boolean served;
  private boolean open = true;
  private @Nullable Departure departure;
  private @Nullable DataConnection joined;

  /** Where it is about to move, and the request that is to be handled there. */
  private record Departure(Streams to, byte[] request) {}

  StreamConnection(Streams streams, Listener listener, ByteStream stream, TransportAddress client) {
    this.streams = streams;
    this.stream = stream;
    this.flow = new Flow(listener, client, this);
    stream.onWake(this::wake);
  }

  Flow flow() {
    return flow;
  }

  ByteStream stream() {
    return stream;
  }

  /** On the loop's thread. */
  void begin() {
    lastFrame = streams.now();
    attempt(
        () -> {
          serve();
          proceed();
        });
  }

  private void serve() throws IOException {
    stream.serve(streams.selector(), this);
    served = true;
  }

  @Override
  public void ready(SelectionKey selected) {
    attempt(this::proceed);
  }

  private void wake() {
    Streams here = streams;
    here.execute(
        () -> {
          if (streams != here) {
            wake();
          } else if (served) {
            attempt(this::proceed);
          }
        });
  }

  private interface Step {
    void run() throws IOException;
  }

  private void attempt(Step step) {
    try {
      if (open) {
        step.run();
      }
    } catch (IOException e) {
      close();
    } catch (RuntimeException e) {
      // One connection must not take everyone else's with it.
      streams.failed("a connection could not be handled", e);
      close();
    }
  }

  private void proceed() throws IOException {
    if (joined != null) {
      joined.pump();
      return;
    }
    flush();
    read();
  }

  private void read() throws IOException {
    for (int i = 0; i < READS_AT_ONCE && open; i++) {
      ByteBuffer buffer = streams.buffer();
      int room = buffer.remaining();
      int count = stream.read(buffer);
      int end = buffer.position();
      cut(buffer.clear(), end);
      if (isLeaving()) {
        break;
      }
      if (count < 0) {
        close();
      }
      if (count < room) {
        break;
      }
    }
    proceedAsCut();
  }

  private void proceedAsCut() throws IOException {
    Departure leaving = departure;
    if (leaving != null) {
      depart(leaving);
    } else if (joined != null) {
      joined.pump();
    } else {
      watchForRoom();
    }
  }

  /** Whether the request that was cut out last has what follows it go elsewhere. */
  private boolean isLeaving() {
    return departure != null || joined != null;
  }

  /** Hands over the whole frames in {@code [0, end)} and keeps what has begun. */
  private void cut(ByteBuffer buffer, int end) {
    int at = complete(buffer, end);
    while (open && !isLeaving() && at < end) {
      int length = Frames.length(buffer, at, end - at, flow.hasAllocation());
      if (length == Frames.MALFORMED) {
        close();
      } else if (length == Frames.UNKNOWN_YET || length > end - at) {
        partial = BegunFrame.of(buffer, at, end - at, length);
        partialSince = streams.now();
        return;
      } else {
        handOver(buffer, at, length);
        at += length;
      }
    }
    if (open && at < end) {
      early = copy(buffer, at, end - at);
    }
    handOverEarlyBytes();
  }

  /**
   * Adds to the frame that has begun, and hands it over once it is whole.
   *
   * @return how many of the bytes are its
   */
  private int complete(ByteBuffer buffer, int end) {
    BegunFrame begun = partial;
    if (begun == null) {
      return 0;
    }
    int taken = begun.add(buffer, end, flow.hasAllocation());
    if (begun.isMalformed()) {
      close();
    } else if (begun.isWhole()) {
      partial = null;
      handOver(begun.bytes(), 0, begun.length());
    }
    return taken;
  }

  private void handOver(ByteBuffer buffer, int at, int length) {
    lastFrame = streams.now();
    streams.frame(flow, buffer, at, length);
  }

  private static ByteBuffer copy(ByteBuffer buffer, int at, int length) {
    return ByteBuffer.allocate(length + TurnCore.TAILROOM).put(0, buffer, at, length).limit(length);
  }

  /** What came behind a ConnectionBind is for the peer. */
  private void handOverEarlyBytes() {
    DataConnection other = joined;
    ByteBuffer behind = early;
    if (other != null && behind != null) {
      early = null;
      other.join(this, behind);
    }
  }

  /** From now on it carries the bytes of a connection with a peer (RFC 6062 §5.4). */
  void join(DataConnection other) {
    endTurn();
    joined = other;
    other.join(this, null);
    if (!open) {
      other.end();
    }
  }

  /** Moves on, once this turn's frames are handled, to have this request handled elsewhere. */
  void leaveFor(Streams other, byte[] request) {
    departure = new Departure(other, request);
  }

  private void depart(Departure leaving) {
    departure = null;
    endTurn();
    if (!open) {
      return;
    }
    Streams here = streams;
    stream.leave();
    served = false;
    here.left(this);
    streams = leaving.to();
    if (!leaving.to().execute(() -> arrive(leaving.request()))) {
      // That loop has ended: here is where its place is given back.
      streams = here;
      here.entered(this);
      close();
    }
  }

  private void arrive(byte[] request) {
    streams.entered(this);
    attempt(
        () -> {
          serve();
          streams.frame(flow, ByteBuffer.wrap(request), 0, request.length);
          goOnWithEarlyBytes();
        });
  }

  /** What came behind the request that it moved for is the peer's, or more frames. */
  private void goOnWithEarlyBytes() throws IOException {
    handOverEarlyBytes();
    ByteBuffer behind = early;
    if (behind != null && !isLeaving()) {
      early = null;
      int end = behind.limit();
      cut(behind.clear(), end);
    }
    if (isLeaving()) {
      proceedAsCut();
    } else {
      proceed();
    }
  }

  /**
   * Sends or queues whole frames. Media that finds the queue full is dropped, as a full network
   * would; a client that does not even read its replies is cut off.
   */
  boolean send(ByteBuffer packet, int offset, int length, boolean media) {
    if (!open) {
      return false;
    }
    if (queued + length > MOST_QUEUED) {
      if (!media) {
        close();
      }
      return false;
    }
    packet.limit(offset + length).position(offset);
    attempt(() -> gather(packet));
    packet.clear();
    return open;
  }

  /** Puts a frame with the others of this turn, or behind those that wait already. */
  private void gather(ByteBuffer frame) throws IOException {
    ByteBuffer begun = gathered;
    if (begun == null && queue.isEmpty() && stream.mayGather()) {
      begun = streams.gather(this);
      gathered = begun;
    }
    if (begun != null && begun.remaining() < frame.remaining()) {
      sendGathered(begun);
    }
    if (begun != null && begun.remaining() >= frame.remaining() && queue.isEmpty()) {
      begun.put(frame);
    } else {
      sendOrQueue(frame);
    }
  }

  private void sendGathered(ByteBuffer begun) throws IOException {
    sendOrQueue(begun.flip());
    begun.clear();
  }

  /** The turn is over: what it gathered is sent. */
  void endTurn() {
    ByteBuffer begun = gathered;
    if (begun != null) {
      gathered = null;
      attempt(() -> sendGathered(begun));
      streams.giveBack(begun);
    }
  }

  private void sendOrQueue(ByteBuffer packet) throws IOException {
    if (queue.isEmpty()) {
      stream.write(packet);
    }
    if (packet.hasRemaining()) {
      queue.add(ByteBuffer.allocate(packet.remaining()).put(packet).flip());
      queued += queue.getLast().remaining();
    }
    watchForRoom();
  }

  private void flush() throws IOException {
    stream.flush();
    for (ByteBuffer first = queue.peek(); first != null; first = queue.peek()) {
      int before = first.remaining();
      stream.write(first);
      queued -= before - first.remaining();
      if (first.hasRemaining()) {
        break;
      }
      queue.remove();
    }
  }

  private boolean isWaiting() {
    return !queue.isEmpty() || stream.isHoldingBack();
  }

  private void watchForRoom() {
    if (open && served && joined == null) {
      stream.watch(true, isWaiting());
    }
  }

  /** Writes bytes of a peer's, if there are any; false when they, or those before, have to wait. */
  boolean deliver(@Nullable ByteBuffer bytes) throws IOException {
    flush();
    if (bytes != null && !isWaiting()) {
      stream.write(bytes);
    }
    return !isWaiting() && (bytes == null || !bytes.hasRemaining());
  }

  /** As {@link ByteStream#watch}, for a joined connection. */
  void watch(boolean bytes, boolean room) {
    if (open) {
      stream.watch(bytes, room || isWaiting());
    }
  }

  /**
   * Whether it has kept us waiting too long: with a frame or a handshake begun, or without ever
   * making an allocation or carrying a peer's bytes.
   */
  boolean isOverdue(long now, long frameTime, long idleTime) {
    boolean dribbles = partial != null && now - partialSince > frameTime;
    boolean shakesHands = !stream.isEstablished() && now - lastFrame > frameTime;
    boolean idle = !flow.hasAllocation() && now - lastFrame > idleTime;
    return joined == null && (dribbles || shakesHands || idle);
  }

  void close() {
    if (open) {
      open = false;
      try {
        stream.close();
      } catch (RuntimeException e) {
        streams.failed("a connection could not be closed", e);
      }
      streams.closed(this);
      if (joined != null) {
        joined.end();
      }
    }
  }
}
