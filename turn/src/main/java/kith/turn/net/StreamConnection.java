package kith.turn.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import kith.turn.Flow;
import kith.turn.Listener;
import kith.turn.stun.TransportAddress;
import org.jspecify.annotations.Nullable;

/**
 * A client over TCP. Messages are cut out of the stream as RFC 8656 §2.1 and RFC 8489 §6.2.2 have
 * it; a frame that does not come whole in time, or that is too long for who sends it, ends the
 * connection.
 */
final class StreamConnection implements NioEngine.Ready {
  private static final int READS_AT_ONCE = 8;
  private static final int MOST_QUEUED = 256 * 1024;

  private final Streams streams;
  private final SocketChannel channel;
  private final SelectionKey key;
  private final Flow flow;
  private final ArrayDeque<ByteBuffer> queue = new ArrayDeque<>();
  private int queued;
  private @Nullable ByteBuffer partial;
  private long partialSince;
  private long lastFrame;
  private boolean open = true;

  StreamConnection(
      Streams streams, Listener listener, SocketChannel channel, TransportAddress client)
      throws IOException {
    this.streams = streams;
    this.channel = channel;
    this.flow = new Flow(listener, client, this);
    this.lastFrame = streams.now();
    this.key = channel.register(streams.selector(), SelectionKey.OP_READ, this);
  }

  Flow flow() {
    return flow;
  }

  @Override
  public void ready(SelectionKey selected) {
    try {
      if (selected.isWritable()) {
        flush();
      }
      if (open && selected.isReadable()) {
        read();
      }
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
      int count = channel.read(buffer);
      int end = buffer.position();
      cut(buffer.clear(), end);
      if (count < 0) {
        close();
      }
      if (count < room) {
        return;
      }
    }
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
    try {
      packet.limit(offset + length).position(offset);
      if (queue.isEmpty()) {
        channel.write(packet);
      }
      if (packet.hasRemaining()) {
        queue.add(ByteBuffer.allocate(packet.remaining()).put(packet).flip());
        queued += queue.getLast().remaining();
        key.interestOpsOr(SelectionKey.OP_WRITE);
      }
      return true;
    } catch (IOException e) {
      close();
      return false;
    } finally {
      packet.clear();
    }
  }

  private void flush() throws IOException {
    for (ByteBuffer first = queue.peek(); first != null; first = queue.peek()) {
      queued -= channel.write(first);
      if (first.hasRemaining()) {
        return;
      }
      queue.remove();
    }
    key.interestOpsAnd(~SelectionKey.OP_WRITE);
  }

  /**
   * Whether it has kept us waiting too long: with a frame begun, or without ever making an
   * allocation.
   */
  boolean isOverdue(long now, long frameTime, long idleTime) {
    boolean dribbles = partialSince != 0 && now - partialSince > frameTime;
    return dribbles || !flow.hasAllocation() && now - lastFrame > idleTime;
  }

  void close() {
    if (open) {
      open = false;
      NioEngine.closeQuietly(channel);
      streams.closed(this);
    }
  }
}
