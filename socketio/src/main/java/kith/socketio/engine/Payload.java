package kith.socketio.engine;

import java.util.Arrays;
import java.util.Base64;

/**
 * Several packets in one polling body, joined by a record separator.
 *
 * @see <a href="https://github.com/socketio/engine.io-protocol#http-long-polling-1">payload
 *     encoding</a>
 */
final class Payload {
  static final byte SEPARATOR = 0x1e;

  private Payload() {}

  /** Where the packet that starts at {@code from} ends. */
  static int endOfPacket(byte[] body, int from) {
    int i = from;
    while (i < body.length && body[i] != SEPARATOR) {
      i++;
    }
    return i;
  }

  /** Whether the body holds more packets than allowed. */
  static boolean hasMoreThan(int packets, byte[] body) {
    int count = 1;
    for (byte b : body) {
      if (b == SEPARATOR && ++count > packets) {
        return true;
      }
    }
    return false;
  }

  /**
   * Decodes the base64 of {@code body[from, to)}. Line ends in it are skipped: the Java client
   * wraps its lines.
   *
   * @throws IllegalArgumentException when it is not base64
   */
  static byte[] decodeBase64(byte[] body, int from, int to) {
    byte[] base64 = new byte[to - from];
    int length = 0;
    for (int i = from; i < to; i++) {
      if (body[i] != '\n' && body[i] != '\r') {
        base64[length++] = body[i];
      }
    }
    return Base64.getDecoder().decode(Arrays.copyOf(base64, length));
  }

  static byte[] join(Iterable<Frame> frames) {
    int size = 0;
    for (Frame frame : frames) {
      size += 1 + (frame.isBinary() ? 1 + (frame.size() + 2) / 3 * 4 : frame.size());
    }
    byte[] body = new byte[Math.max(0, size - 1)];
    int at = 0;
    for (Frame frame : frames) {
      if (at > 0) {
        body[at++] = SEPARATOR;
      }
      byte[] bytes = frame.bytes();
      if (frame.isBinary()) {
        body[at++] = PacketType.BASE64;
        bytes = Base64.getEncoder().encode(bytes);
      }
      System.arraycopy(bytes, 0, body, at, bytes.length);
      at += bytes.length;
    }
    return body;
  }
}
