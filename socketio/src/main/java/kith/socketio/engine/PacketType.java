package kith.socketio.engine;

/**
 * The first byte of a text packet.
 *
 * @see <a href="https://github.com/socketio/engine.io-protocol#protocol">packet types</a>
 */
final class PacketType {
  static final byte OPEN = '0';
  static final byte CLOSE = '1';
  static final byte PING = '2';
  static final byte PONG = '3';
  static final byte MESSAGE = '4';
  static final byte UPGRADE = '5';
  static final byte NOOP = '6';

  /** In a polling payload only: a base64 encoded binary message. */
  static final byte BASE64 = 'b';

  private PacketType() {}
}
