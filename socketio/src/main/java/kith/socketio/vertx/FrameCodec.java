package kith.socketio.vertx;

import io.netty.buffer.ByteBuf;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * WebSocket frames as bytes: clients' frames are masked, the server's are not, and there are no
 * extensions.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6455#section-5.2">RFC 6455 section 5.2</a>
 */
final class FrameCodec {
  static final int CONTINUATION = 0x0;
  static final int TEXT = 0x1;
  static final int BINARY = 0x2;
  static final int CLOSE = 0x8;
  static final int PING = 0x9;
  static final int PONG = 0xA;

  private static final int FINAL = 0x80;
  private static final int RESERVED = 0x70;
  private static final int MASKED = 0x80;
  private static final int MASK_SIZE = 4;
  private static final int SIXTEEN_BIT_LENGTH = 126;
  private static final int LONGEST_HEADER = 10;
  private static final int LONGEST_CONTROL = 125;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  /** A frame from a client, unmasked. */
  record Received(int opcode, boolean last, byte[] payload) {}

  /** What a client sent is no frame that may be; it is to be closed with this status. */
  static final class Unacceptable extends Exception {
    static final int PROTOCOL_ERROR = 1002;
    static final int MESSAGE_TOO_BIG = 1009;
    private final int statusCode;

    Unacceptable(int statusCode) {
      super("status " + statusCode, null, false, false);
      this.statusCode = statusCode;
    }

    /** RFC 6455 section 7.4.1. */
    int statusCode() {
      return statusCode;
    }
  }

  private FrameCodec() {}

  /**
   * Takes the next frame, or null when not all of it is there. Nothing is allocated for what is
   * not.
   */
  static @Nullable Received read(ByteBuf in, int maxBytes) throws Unacceptable {
    int at = in.readerIndex();
    int available = in.readableBytes();
    if (available < 2) {
      return null;
    }
    int first = in.getUnsignedByte(at);
    int second = in.getUnsignedByte(at + 1);
    if ((first & RESERVED) != 0 || (second & MASKED) == 0) {
      throw new Unacceptable(Unacceptable.PROTOCOL_ERROR);
    }
    int shortLength = second & ~MASKED;
    int header = 2 + lengthBytes(shortLength) + MASK_SIZE;
    if (available < header) {
      return null;
    }
    long length = length(in, at + 2, shortLength);
    if (length < 0 || length > maxBytes) {
      throw new Unacceptable(Unacceptable.MESSAGE_TOO_BIG);
    }
    int opcode = first & 0xF;
    boolean last = (first & FINAL) != 0;
    if (isControl(opcode) && (length > LONGEST_CONTROL || !last)) {
      throw new Unacceptable(Unacceptable.PROTOCOL_ERROR);
    }
    if (available < header + length) {
      return null;
    }
    byte[] payload = new byte[(int) length];
    in.readerIndex(at + header).readBytes(payload);
    unmask(in.getInt(at + header - MASK_SIZE), payload);
    return new Received(opcode, last, payload);
  }

  private static boolean isControl(int opcode) {
    return (opcode & 0x8) != 0;
  }

  private static int lengthBytes(int shortLength) {
    return shortLength < SIXTEEN_BIT_LENGTH ? 0 : shortLength == SIXTEEN_BIT_LENGTH ? 2 : 8;
  }

  private static long length(ByteBuf in, int at, int shortLength) {
    return switch (lengthBytes(shortLength)) {
      case 0 -> shortLength;
      case 2 -> in.getUnsignedShort(at);
      default -> in.getLong(at);
    };
  }

  private static void unmask(int mask, byte[] bytes) {
    long twice = ((long) mask << 32) | (mask & 0xFFFF_FFFFL);
    int at = 0;
    for (; at + Long.BYTES <= bytes.length; at += Long.BYTES) {
      LONGS.set(bytes, at, (long) LONGS.get(bytes, at) ^ twice);
    }
    for (int i = 0; at < bytes.length; at++, i++) {
      bytes[at] ^= (byte) (mask >> (24 - 8 * i));
    }
  }

  /** The most bytes a frame of such a payload has. */
  static int frameSize(byte[] payload) {
    return payload.length + LONGEST_HEADER;
  }

  /** Appends a whole frame. */
  static void write(ByteBuf out, int opcode, byte[] payload) {
    int length = payload.length;
    out.writeByte(FINAL | opcode);
    if (length < SIXTEEN_BIT_LENGTH) {
      out.writeByte(length);
    } else if (length <= 0xFFFF) {
      out.writeByte(SIXTEEN_BIT_LENGTH).writeShort(length);
    } else {
      out.writeByte(SIXTEEN_BIT_LENGTH + 1).writeLong(length);
    }
    out.writeBytes(payload);
  }
}
