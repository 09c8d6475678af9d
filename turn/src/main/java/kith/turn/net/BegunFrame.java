package kith.turn.net;

import java.nio.ByteBuffer;
import kith.turn.TurnCore;

/**
 * A frame of which some bytes are here. It has room for all that its header announces, so that each
 * byte is copied once, however few come at a time.
 */
final class BegunFrame {
  /** What tells how long any frame is. */
  private static final int HEADER = 4;

  private ByteBuffer bytes;
  private int length;

  private BegunFrame(int length) {
    this.bytes = room(length);
    this.length = length;
  }

  /**
   * @param length as {@link Frames#length} has it, more than there is or not known yet
   */
  static BegunFrame of(ByteBuffer buffer, int at, int have, int length) {
    BegunFrame begun = new BegunFrame(length);
    begun.take(buffer, at, have);
    return begun;
  }

  private static ByteBuffer room(int length) {
    int wanted = length == Frames.UNKNOWN_YET ? HEADER : length;
    return ByteBuffer.allocate(wanted + TurnCore.TAILROOM).limit(wanted);
  }

  private void take(ByteBuffer from, int at, int count) {
    bytes.put(bytes.position(), from, at, count).position(bytes.position() + count);
  }

  /**
   * Takes what is its own of the bytes in {@code [0, end)}.
   *
   * @param allocated see {@link Frames#length}
   * @return how many those are
   */
  int add(ByteBuffer buffer, int end, boolean allocated) {
    int taken = 0;
    while (taken < end && bytes.hasRemaining()) {
      int count = Math.min(bytes.remaining(), end - taken);
      take(buffer, taken, count);
      taken += count;
      grow(allocated);
    }
    return taken;
  }

  private void grow(boolean allocated) {
    length = Frames.length(bytes, 0, bytes.position(), allocated);
    if (length > bytes.limit()) {
      bytes = room(length).put(bytes.flip());
    }
  }

  boolean isMalformed() {
    return length == Frames.MALFORMED;
  }

  boolean isWhole() {
    return length == bytes.position();
  }

  int length() {
    return length;
  }

  /** From the frame's first byte on, with TurnCore's room behind it. */
  ByteBuffer bytes() {
    return bytes.clear();
  }
}
