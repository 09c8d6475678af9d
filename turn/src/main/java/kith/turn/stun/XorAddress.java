package kith.turn.stun;

/**
 * XOR-MAPPED-ADDRESS, XOR-PEER-ADDRESS and XOR-RELAYED-ADDRESS (RFC 8489 §14.2, RFC 8656 §18). A
 * reusable place to read one into; reading makes no object.
 */
public final class XorAddress {
  private long high;
  private long low;
  private int port;
  private boolean ipv6;

  public long high() {
    return high;
  }

  public long low() {
    return low;
  }

  public int port() {
    return port;
  }

  /** The family as the attribute spelled it: an IPv4-mapped address sent as IPv6 is IPv6 here. */
  public AddressFamily family() {
    return ipv6 ? AddressFamily.IPV6 : AddressFamily.IPV4;
  }

  public TransportAddress toAddress() {
    return new TransportAddress(high, low, port);
  }

  /** Reads the value at this offset of the message; false when it is malformed. */
  public boolean read(StunMessage message, int value) {
    int length = message.lengthAt(value);
    if (length != 8 && length != 20) {
      return false;
    }
    int family = message.byteAt(value + 1);
    port = message.shortAt(value + 2) ^ (StunMessage.MAGIC_COOKIE >>> 16);
    if (family == AddressFamily.IPV4.code() && length == 8) {
      ipv6 = false;
      high = 0;
      low = TransportAddress.mapped(message.intAt(value + 4) ^ StunMessage.MAGIC_COOKIE);
      return true;
    }
    if (family == AddressFamily.IPV6.code() && length == 20) {
      ipv6 = true;
      high = message.longAt(value + 4) ^ mask(message.idHigh());
      low = message.longAt(value + 12) ^ message.idLow();
      return true;
    }
    return false;
  }

  /**
   * What the upper half of an IPv6 address is XORed with: the magic cookie and the first 32 bits of
   * the transaction id.
   */
  static long mask(int idHigh) {
    return ((long) StunMessage.MAGIC_COOKIE << 32) | (idHigh & 0xFFFF_FFFFL);
  }
}
