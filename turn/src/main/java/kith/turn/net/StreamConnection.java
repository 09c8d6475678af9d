package kith.turn.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import javax.net.ssl.SSLEngine;
import kith.turn.Flow;
import kith.turn.Listener;
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

  private final Streams streams;
  private final ByteStream stream;
  private final SelectionKey key;
  private final Flow flow;
  private final ArrayDeque<ByteBuffer> queue = new ArrayDeque<>();
  private @Nullable ByteBuffer gathered;
  private int queued;
  private @Nullable ByteBuffer partial;
  private long partialSince;
  private long lastFrame;
  private boolean open = true;

  /**
   * @param tls null for plain TCP
   */
  StreamConnection(
      Streams streams,
      Listener listener,
      SocketChannel channel,
      @Nullable SSLEngine tls,
      TransportAddress client)
      throws IOException {
    this.streams = streams;
    this.stream =
        tls == null
            ? new ByteStream.Plain(channel)
            : new TlsStream(
                channel, tls, streams.handshakes(), () -> streams.execute(this::resume));
    this.flow = new Flow(listener, client, this);
    this.lastFrame = streams.now();
    this.key = channel.register(streams.selector(), SelectionKey.OP_READ, this);
  }

  Flow flow() {
    return flow;
  }

  @Override
  public void ready(SelectionKey selected) {
    attempt(
        () -> {
          if (selected.isWritable()) {
            flush();
          }
          if (open && selected.isReadable()) {
            read();
          }
        });
  }

  /** A step of a TLS handshake is done: what came meanwhile can be read. */
  private void resume() {
    attempt(
        () -> {
          if (open && stream instanceof TlsStream tls) {
            tls.thoughtOver();
            read();
          }
        });
  }

  private interface Step {
    void run() throws IOException;
  }

  private void attempt(Step step) {
    try {
      step.run();
    } catch (IOException e) {
      close();
    }
  }

  private void read() throws IOException {
    for (int i = 0; i < READS_AT_ONCE && open; i++) {
      ByteBuffer buffer = streams.buffer();
      ByteBuffer begun = partial;
      if (begun != null) {
        buffer.put(begun);
        partial = null;
      }
      int room = buffer.remaining();
      int count = stream.read(buffer);
      int end = buffer.position();
      cut(buffer.clear(), end);
      if (count < 0) {
        close();
      }
      if (count < room) {
        break;
      }
    }
    watchForRoom();
  }

  /** Hands over the whole frames in {@code [0, end)} and keeps what has begun. */
  private void cut(ByteBuffer buffer, int end) {
    int at = 0;
    while (open && at < end) {
      int length = Frames.length(buffer, at, end - at, flow.hasAllocation());
      if (length == Frames.MALFORMED) {
        close();
        return;
      }
      if (length == Frames.UNKNOWN_YET || length > end - at) {
        break;
      }
      lastFrame = streams.now();
      streams.frame(flow, buffer, at, length);
      at += length;
    }
    if (open && at < end) {
      keep(buffer, at, end - at);
    } else {
      partialSince = 0;
    }
  }

  private void keep(ByteBuffer buffer, int at, int length) {
    ByteBuffer copy = ByteBuffer.allocate(length);
    copy.put(0, buffer, at, length);
    partial = copy;
    if (at > 0 || partialSince == 0) {
      // Counted from the frame's first bytes: dribbling buys no time.
      partialSince = streams.now();
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
    // A TLS record holds one frame: some clients, coturn's own among them, overlook a second one
    // until more comes.
    if (begun == null && queue.isEmpty() && stream instanceof ByteStream.Plain) {
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
      if (open) {
        attempt(() -> sendGathered(begun));
      }
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
    watchForRoom();
  }

  private void watchForRoom() {
    if (!open) {
      return;
    }
    boolean waiting = !queue.isEmpty() || stream.isHoldingBack();
    if (waiting != ((key.interestOps() & SelectionKey.OP_WRITE) != 0)) {
      key.interestOps(
          waiting ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    }
  }

  /**
   * Whether it has kept us waiting too long: with a frame or a handshake begun, or without ever
   * making an allocation.
   */
  boolean isOverdue(long now, long frameTime, long idleTime) {
    boolean dribbles = partialSince != 0 && now - partialSince > frameTime;
    boolean shakesHands =
        stream instanceof TlsStream tls && !tls.isEstablished() && now - lastFrame > frameTime;
    return dribbles || shakesHands || !flow.hasAllocation() && now - lastFrame > idleTime;
  }

  void close() {
    if (open) {
      open = false;
      stream.close();
      streams.closed(this);
    }
  }
}
