package kith.turn.stun;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * A view of a STUN message where it lies in a buffer (RFC 8489 §5). One instance reads any number
 * of messages, one after the other, and makes no object doing so. Offsets are absolute offsets into
 * the buffer; -1 means absent.
 */
public final class StunMessage {
  public static final int HEADER = 20;
  public static final int MAGIC_COOKIE = 0x2112A442;

  /**
   * More attributes than a packet of a network has room for, if they say anything; a message with
   * more is one that was made to waste time.
   */
  private static final int MAX_ATTRIBUTES = 256;

  private static final int FINGERPRINT_XOR = 0x5354554E;
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final CRC32 crc = new CRC32();
  private ByteBuffer bytes = NOTHING;
  private int start;
  private int end;
  private int type;
  private int bodyEnd;
  private int integrity;
  private int integritySha256;
  private int fingerprint;

  /**
   * Reads the message in {@code buffer[offset, offset + length)}. False, and nothing else may be
   * called, when it is not a well-formed STUN message: bad cookie, a length that is not the
   * message's, an attribute that does not fit, a wrong FINGERPRINT.
   */
  public boolean read(ByteBuffer buffer, int offset, int length) {
    bytes = buffer;
    start = offset;
    end = offset + length;
    if (length < HEADER
        || (buffer.get(offset) & 0xC0) != 0
        || buffer.getInt(offset + 4) != MAGIC_COOKIE
        || (buffer.getShort(offset + 2) & 0xFFFF) != length - HEADER
        || (length & 3) != 0) {
      return false;
    }
    type = shortAt(offset);
    return readAttributes() && (fingerprint < 0 || fingerprintMatches());
  }

  /**
   * Walks the attributes once. What follows MESSAGE-INTEGRITY is ignored but for
   * MESSAGE-INTEGRITY-SHA256 and FINGERPRINT (RFC 8489 §14.5, §14.6), and FINGERPRINT must be the
   * last (§14.7).
   */
  private boolean readAttributes() {
    integrity = -1;
    integritySha256 = -1;
    fingerprint = -1;
    bodyEnd = end;
    int count = 0;
    for (int at = start + HEADER; at < end; ) {
      int next = at + 4 + padded(shortAt(at + 2));
      if (next > end || ++count > MAX_ATTRIBUTES || fingerprint >= 0) {
        return false;
      }
      switch (shortAt(at)) {
        case AttributeType.MESSAGE_INTEGRITY -> {
          if (integrity < 0 && integritySha256 < 0) {
            integrity = at;
            bodyEnd = Math.min(bodyEnd, at);
          }
        }
        case AttributeType.MESSAGE_INTEGRITY_SHA256 -> {
          if (integritySha256 < 0) {
            integritySha256 = at;
            bodyEnd = Math.min(bodyEnd, at);
          }
        }
        case AttributeType.FINGERPRINT -> {
          fingerprint = at;
          bodyEnd = Math.min(bodyEnd, at);
        }
        default -> {}
      }
      at = next;
    }
    return true;
  }

  private boolean fingerprintMatches() {
    if (lengthAt(fingerprint + 4) != 4 || fingerprint + 8 != end) {
      return false;
    }
    int position = bytes.position();
    int limit = bytes.limit();
    bytes.limit(fingerprint).position(start);
    crc.reset();
    crc.update(bytes);
    bytes.limit(limit).position(position);
    return ((int) crc.getValue() ^ FINGERPRINT_XOR) == intAt(fingerprint + 4);
  }

  static int fingerprintOf(byte[] message, int length) {
    CRC32 crc = new CRC32();
    crc.update(message, 0, length);
    return (int) crc.getValue() ^ FINGERPRINT_XOR;
  }

  /** A length rounded up to the 4 bytes every attribute is padded to. */
  public static int padded(int length) {
    return (length + 3) & ~3;
  }

  public int messageClass() {
    return MessageClass.of(type);
  }

  public int method() {
    return MessageClass.methodOf(type);
  }

  public int idHigh() {
    return intAt(start + 8);
  }

  public long idLow() {
    return longAt(start + 12);
  }

  public TransactionId transactionId() {
    return new TransactionId(idHigh(), idLow());
  }

  public boolean hasFingerprint() {
    return fingerprint >= 0;
  }

  public boolean hasIntegrity() {
    return integrity >= 0;
  }

  public boolean hasIntegritySha256() {
    return integritySha256 >= 0;
  }

  /** Where the value of the first attribute of this type begins, or -1. */
  public int find(int attributeType) {
    return findFrom(attributeType, start + HEADER);
  }

  /**
   * Where the value of the next attribute of the same type begins, after the one whose value is at
   * {@code value}; or -1.
   */
  public int findNext(int attributeType, int value) {
    return findFrom(attributeType, value + padded(lengthAt(value)));
  }

  private int findFrom(int attributeType, int from) {
    for (int at = from; at < bodyEnd; at += 4 + padded(shortAt(at + 2))) {
      if (shortAt(at) == attributeType) {
        return at + 4;
      }
    }
    return -1;
  }

  public boolean has(int attributeType) {
    return find(attributeType) >= 0;
  }

  /** The first attribute that must be understood and is not among these; -1 when there is none. */
  public int firstUnknown(AttributeSet known) {
    for (int at = start + HEADER; at < bodyEnd; at += 4 + padded(shortAt(at + 2))) {
      int attributeType = shortAt(at);
      if (attributeType < AttributeType.OPTIONAL && !known.contains(attributeType)) {
        return attributeType;
      }
    }
    return -1;
  }

  /**
   * All the attributes that must be understood and are not known, each once, in order (RFC 8489
   * §14.9).
   */
  public int[] unknown(AttributeSet known) {
    int[] found = new int[MAX_ATTRIBUTES];
    int count = 0;
    for (int at = start + HEADER; at < bodyEnd; at += 4 + padded(shortAt(at + 2))) {
      int attributeType = shortAt(at);
      boolean strange = attributeType < AttributeType.OPTIONAL && !known.contains(attributeType);
      if (strange && !contains(found, count, attributeType)) {
        found[count++] = attributeType;
      }
    }
    return Arrays.copyOf(found, count);
  }

  private static boolean contains(int[] values, int count, int value) {
    for (int i = 0; i < count; i++) {
      if (values[i] == value) {
        return true;
      }
    }
    return false;
  }

  /** The declared length, in bytes, of the attribute whose value is at this offset. */
  public int lengthAt(int value) {
    return shortAt(value - 2);
  }

  public int byteAt(int at) {
    return bytes.get(at) & 0xFF;
  }

  public int shortAt(int at) {
    return bytes.getShort(at) & 0xFFFF;
  }

  public int intAt(int at) {
    return bytes.getInt(at);
  }

  public long longAt(int at) {
    return bytes.getLong(at);
  }

  /** The whole message. */
  public byte[] copy() {
    byte[] copy = new byte[end - start];
    bytes.get(start, copy);
    return copy;
  }

  /**
   * The value of the first attribute of this type, or null when it is absent or longer than {@code
   * max} bytes.
   */
  public byte @Nullable [] value(int attributeType, int max) {
    int value = find(attributeType);
    if (value < 0 || lengthAt(value) > max) {
      return null;
    }
    byte[] copy = new byte[lengthAt(value)];
    bytes.get(value, copy);
    return copy;
  }

  /** As {@link #value}, as UTF-8 text. */
  public @Nullable String text(int attributeType, int max) {
    byte[] value = value(attributeType, max);
    return value == null ? null : new String(value, StandardCharsets.UTF_8);
  }

  /**
   * The bytes that the HMAC of this integrity attribute covers (RFC 8489 §14.5): everything before
   * it, with the header's length as if the message ended with it.
   */
  byte[] covered(boolean sha256) {
    int at = sha256 ? integritySha256 : integrity;
    byte[] copy = new byte[at - start];
    bytes.get(start, copy);
    int length = at - start - HEADER + 4 + padded(lengthAt(at + 4));
    copy[2] = (byte) (length >> 8);
    copy[3] = (byte) length;
    return copy;
  }

  /** The HMAC that the message carries. */
  byte[] integrityValue(boolean sha256) {
    int value = (sha256 ? integritySha256 : integrity) + 4;
    byte[] copy = new byte[lengthAt(value)];
    bytes.get(value, copy);
    return copy;
  }
}
