package kith.turn.stun;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes one STUN message, attribute by attribute, and closes it with integrity and fingerprint as
 * asked.
 */
public final class StunWriter {
  private final ByteBuffer out;
  private final TransactionId id;

  private StunWriter(int messageClass, int method, TransactionId id, int capacity) {
    this.out = ByteBuffer.allocate(capacity);
    this.id = id;
    out.putShort((short) MessageClass.type(messageClass, method));
    out.putShort((short) 0);
    out.putInt(StunMessage.MAGIC_COOKIE);
    out.putInt(id.high()).putLong(id.low());
  }

  public static StunWriter of(int messageClass, int method, TransactionId id) {
    return new StunWriter(messageClass, method, id, 2048);
  }

  /** A writer with room for this many bytes of attributes, for messages that carry data. */
  public static StunWriter of(int messageClass, int method, TransactionId id, int room) {
    return new StunWriter(messageClass, method, id, StunMessage.HEADER + room + 64);
  }

  public StunWriter bytes(int type, byte[] value) {
    out.putShort((short) type).putShort((short) value.length).put(value);
    pad();
    return this;
  }

  public StunWriter text(int type, String value) {
    return bytes(type, value.getBytes(StandardCharsets.UTF_8));
  }

  /** An attribute without a value. */
  public StunWriter flag(int type) {
    out.putShort((short) type).putShort((short) 0);
    return this;
  }

  /** An attribute of 32 bits: LIFETIME, CONNECTION-ID, and those whose first bytes alone count. */
  public StunWriter number(int type, int value) {
    out.putShort((short) type).putShort((short) 4).putInt(value);
    return this;
  }

  public StunWriter error(ErrorCode error) {
    byte[] reason = error.reason().getBytes(StandardCharsets.US_ASCII);
    ByteBuffer value = ByteBuffer.allocate(4 + reason.length);
    value
        .putShort((short) 0)
        .put((byte) (error.code() / 100))
        .put((byte) (error.code() % 100))
        .put(reason);
    return bytes(AttributeType.ERROR_CODE, value.array());
  }

  /** ADDRESS-ERROR-CODE (RFC 8656 §18.12): why the additional family was not given. */
  public StunWriter addressError(AddressFamily family, ErrorCode error) {
    byte[] reason = error.reason().getBytes(StandardCharsets.US_ASCII);
    ByteBuffer value = ByteBuffer.allocate(4 + reason.length);
    value.put((byte) family.code()).put((byte) 0);
    value.put((byte) (error.code() / 100)).put((byte) (error.code() % 100)).put(reason);
    return bytes(AttributeType.ADDRESS_ERROR_CODE, value.array());
  }

  /**
   * ICMP (RFC 8656 §18.13): two bytes reserved, seven bits of type, nine of code, and 32 of data.
   */
  public StunWriter icmp(int type, int code, int data) {
    ByteBuffer value = ByteBuffer.allocate(8);
    value.putShort((short) 0).putShort((short) (type << 9 | code)).putInt(data);
    return bytes(AttributeType.ICMP, value.array());
  }

  public StunWriter unknown(int[] types) {
    ByteBuffer value = ByteBuffer.allocate(types.length * 2);
    for (int type : types) {
      value.putShort((short) type);
    }
    return bytes(AttributeType.UNKNOWN_ATTRIBUTES, value.array());
  }

  public StunWriter xorAddress(int type, TransportAddress address) {
    boolean ipv4 = address.family() == AddressFamily.IPV4;
    out.putShort((short) type).putShort((short) (ipv4 ? 8 : 20));
    out.putShort((short) address.family().code());
    out.putShort((short) (address.port() ^ (StunMessage.MAGIC_COOKIE >>> 16)));
    if (ipv4) {
      out.putInt((int) address.low() ^ StunMessage.MAGIC_COOKIE);
    } else {
      out.putLong(address.high() ^ XorAddress.mask(id.high())).putLong(address.low() ^ id.low());
    }
    return this;
  }

  /** MAPPED-ADDRESS and its like, not XORed (RFC 8489 §14.1, RFC 5780 §7.3). */
  public StunWriter address(int type, TransportAddress address) {
    boolean ipv4 = address.family() == AddressFamily.IPV4;
    out.putShort((short) type).putShort((short) (ipv4 ? 8 : 20));
    out.putShort((short) address.family().code()).putShort((short) address.port());
    if (ipv4) {
      out.putInt((int) address.low());
    } else {
      out.putLong(address.high()).putLong(address.low());
    }
    return this;
  }

  public StunWriter integrity(Integrity kind, byte[] key) {
    setLength(out.position() - StunMessage.HEADER + 4 + kind.length());
    byte[] hmac = kind.hmac(key, out.array(), out.position());
    return bytes(kind.attribute(), hmac);
  }

  public StunWriter fingerprint() {
    setLength(out.position() - StunMessage.HEADER + 8);
    return number(
        AttributeType.FINGERPRINT, StunMessage.fingerprintOf(out.array(), out.position()));
  }

  public byte[] finish() {
    setLength(out.position() - StunMessage.HEADER);
    return Arrays.copyOf(out.array(), out.position());
  }

  private void setLength(int length) {
    out.putShort(2, (short) length);
  }

  private void pad() {
    while ((out.position() & 3) != 0) {
      out.put((byte) 0);
    }
  }
}
