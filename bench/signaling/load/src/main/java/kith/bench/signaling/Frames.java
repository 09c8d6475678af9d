package kith.bench.signaling;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** WebSocket frames (RFC 6455 section 5.2) as a client writes them. */
final class Frames {
  static final int TEXT = 0x1;
  static final int CLOSE = 0x8;
  static final int PING = 0x9;
  static final int PONG = 0xA;
  static final int FIN = 0x80;

  /** The most that a header takes: 16 bits of length, and the mask. */
  static final int HEADER_BYTES = 8;

  private static final int MASKED = 0x80;
  private static final int LENGTH_16 = 126;
  private static final int MAX_LENGTH = 0xFFFF;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private Frames() {}

  /**
   * Masks the payload in place and writes the header before it.
   *
   * @param frame the payload, from {@link #HEADER_BYTES} on
   * @param end where the payload ends
   * @param mask never 0, for some servers skip their work for it
   * @return where the frame begins
   */
  static int seal(int opcode, int mask, byte[] frame, int end) {
    int length = end - HEADER_BYTES;
    if (length > MAX_LENGTH) {
      throw new IllegalArgumentException("a frame of " + length + " bytes");
    }
    boolean small = length < LENGTH_16;
    int start = small ? 2 : 0;
    frame[start] = (byte) (FIN | opcode);
    if (small) {
      frame[start + 1] = (byte) (MASKED | length);
    } else {
      frame[start + 1] = (byte) (MASKED | LENGTH_16);
      frame[start + 2] = (byte) (length >> 8);
      frame[start + 3] = (byte) length;
    }
    INTS.set(frame, HEADER_BYTES - 4, mask);
    xor(mask, frame, HEADER_BYTES, end);
    return start;
  }

  private static void xor(int mask, byte[] bytes, int from, int to) {
    long twice = ((long) mask << 32) | (mask & 0xFFFF_FFFFL);
    int at = from;
    for (; at + 8 <= to; at += 8) {
      LONGS.set(bytes, at, (long) LONGS.get(bytes, at) ^ twice);
    }
    for (int i = 0; at < to; at++, i++) {
      bytes[at] ^= (byte) (mask >> (24 - 8 * (i & 3)));
    }
  }
}
