package kith.socketio.protocol;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A growing byte array without locks. Made for a few bytes and then one large piece, which is what
 * a JSON generator hands over: up to {@link #EXACT} it grows to just what is needed, so that {@link
 * #toByteArray} has nothing to copy.
 */
final class Bytes extends OutputStream {
  private static final int EXACT = 8_192;

  private byte[] bytes;
  private int size;

  Bytes(int capacity) {
    bytes = new byte[capacity];
  }

  @Override
  public void write(int b) {
    room(1);
    bytes[size++] = (byte) b;
  }

  @Override
  public void write(byte[] source, int from, int length) {
    room(length);
    System.arraycopy(source, from, bytes, size, length);
    size += length;
  }

  void ascii(long number) {
    text(Long.toString(number));
  }

  void text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    write(utf8, 0, utf8.length);
  }

  int size() {
    return size;
  }

  byte[] toByteArray() {
    return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
  }

  private void room(int more) {
    if (bytes.length - size < more) {
      int needed = size + more;
      bytes = Arrays.copyOf(bytes, needed <= EXACT ? needed : Math.max(bytes.length * 2, needed));
    }
  }
}
