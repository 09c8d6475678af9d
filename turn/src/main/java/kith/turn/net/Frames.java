package kith.turn.net;

import java.nio.ByteBuffer;
import kith.turn.stun.StunMessage;

/**
 * Where one message ends and the next begins on a stream: STUN by its header's length, ChannelData
 * padded to four bytes (RFC 8656 §12.5).
 */
final class Frames {
  static final int UNKNOWN_YET = 0;
  static final int MALFORMED = -1;

  /** The longest message that a client without an allocation has any reason to send. */
  static final int LONGEST_REQUEST = 4_096;

  /** The longest frame there can be: a STUN header and a 16-bit length. */
  static final int LONGEST = StunMessage.HEADER + 65_535 + 1;

  private static final int CHANNEL_HEADER = 4;

  private Frames() {}

  /**
   * The length of the frame that begins at {@code at}, of which {@code have} bytes are here; {@link
   * #UNKNOWN_YET} or {@link #MALFORMED}.
   *
   * @param allocated whether the client has an allocation; without one it sends short requests only
   */
  static int length(ByteBuffer buffer, int at, int have, boolean allocated) {
    int bits = buffer.get(at) & 0xC0;
    if (bits != 0 && (bits != 0x40 || !allocated)) {
      return MALFORMED;
    }
    if (have < 4) {
      return UNKNOWN_YET;
    }
    int declared = buffer.getShort(at + 2) & 0xFFFF;
    if (bits == 0x40) {
      return CHANNEL_HEADER + StunMessage.padded(declared);
    }
    boolean foreign = have >= 8 && buffer.getInt(at + 4) != StunMessage.MAGIC_COOKIE;
    boolean tooLong = !allocated && declared > LONGEST_REQUEST;
    return foreign || tooLong || (declared & 3) != 0 ? MALFORMED : StunMessage.HEADER + declared;
  }
}
