package kith.socketio.engine;

import java.nio.charset.StandardCharsets;

/**
 * One outgoing Engine.IO packet as it stands on a WebSocket: a text frame (packet type first) or a
 * binary frame (always a message, without a type). Immutable by contract: the same frame is written
 * to many links.
 */
public final class Frame {
  private final byte[] bytes;
  private final boolean binary;

  private Frame(byte[] bytes, boolean binary) {
    this.bytes = bytes;
    this.binary = binary;
  }

  /** A text frame; {@code utf8} begins with the packet type and is not changed afterwards. */
  public static Frame text(byte[] utf8) {
    return new Frame(utf8, false);
  }

  public static Frame text(String text) {
    return text(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A binary message; {@code data} is not changed afterwards. */
  public static Frame binary(byte[] data) {
    return new Frame(data, true);
  }

  /** The content itself, not a copy. */
  public byte[] bytes() {
    return bytes;
  }

  public boolean isBinary() {
    return binary;
  }

  public int size() {
    return bytes.length;
  }

  @Override
  public String toString() {
    return binary ? "binary[" + bytes.length + "]" : new String(bytes, StandardCharsets.UTF_8);
  }
}
