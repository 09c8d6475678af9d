package kith.socketio.engine;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** The frames that wait for a client, in order. An empty one holds nothing. */
final class OutboundQueue {
  /** What an empty frame costs too, so that many of them are bounded. */
  private static final int FRAME_OVERHEAD = 64;

  private @Nullable ArrayDeque<Frame> frames;
  private long bytes;

  boolean isEmpty() {
    return frames == null;
  }

  /** What waits, the frames' bookkeeping included. */
  long bytes() {
    return bytes;
  }

  void add(Frame frame) {
    ArrayDeque<Frame> all = frames;
    if (all == null) {
      all = new ArrayDeque<>(4);
      frames = all;
    }
    all.add(frame);
    bytes += frame.size() + FRAME_OVERHEAD;
  }

  /** Takes the first frame, or null when none waits. */
  @Nullable Frame poll() {
    if (frames == null) {
      return null;
    }
    Frame first = frames.remove();
    bytes -= first.size() + FRAME_OVERHEAD;
    if (frames.isEmpty()) {
      frames = null;
    }
    return first;
  }

  /** Takes all, as one polling body. */
  byte[] takeBody() {
    byte[] body = frames == null ? new byte[0] : Payload.join(frames);
    clear();
    return body;
  }

  void clear() {
    frames = null;
    bytes = 0;
  }
}
