package kith.turn.stun;

import java.nio.ByteBuffer;

/** The Data indication (RFC 8656 §11.3), written around a packet where it lies. */
public final class DataIndication {
  private static final int ADDRESS_IPV4 = 12;
  private static final int ADDRESS_IPV6 = 24;
  private static final int ATTRIBUTE_HEADER = 4;
  private static final int LONGEST = 65_535;

  /** The most bytes that {@link #prepend} writes before a packet. */
  public static final int MOST = StunMessage.HEADER + ADDRESS_IPV6 + ATTRIBUTE_HEADER;

  private DataIndication() {}

  /**
   * Whether a packet from this address can be told at all: a message counts its length in 16 bits,
   * and the longest datagrams of IPv6 leave no room there for what goes before them.
   */
  public static boolean fits(int length, long high, long low) {
    return before(high, low) - StunMessage.HEADER + StunMessage.padded(length) <= LONGEST;
  }

  private static int before(long high, long low) {
    int address = TransportAddress.isMapped(high, low) ? ADDRESS_IPV4 : ADDRESS_IPV6;
    return StunMessage.HEADER + address + ATTRIBUTE_HEADER;
  }

  /**
   * Writes header, XOR-PEER-ADDRESS and the DATA header right before the packet, which {@link
   * #fits}, and returns where they begin. The caller pads the end to four bytes.
   */
  public static int prepend(
      ByteBuffer packet, int offset, int length, long high, long low, int port, long id) {
    boolean ipv4 = TransportAddress.isMapped(high, low);
    int before = before(high, low);
    int start = offset - before;
    int idHigh = (int) (id >>> 32);
    packet.putShort(start, (short) MessageClass.type(MessageClass.INDICATION, Method.DATA));
    packet.putShort(start + 2, (short) (before - StunMessage.HEADER + StunMessage.padded(length)));
    packet.putInt(start + 4, StunMessage.MAGIC_COOKIE);
    packet.putInt(start + 8, idHigh);
    packet.putLong(start + 12, id);

    int at = start + StunMessage.HEADER;
    packet.putShort(at, (short) AttributeType.XOR_PEER_ADDRESS);
    packet.putShort(at + 2, (short) (ipv4 ? 8 : 20));
    packet.putShort(at + 4, (short) (ipv4 ? AddressFamily.IPV4 : AddressFamily.IPV6).code());
    packet.putShort(at + 6, (short) (port ^ (StunMessage.MAGIC_COOKIE >>> 16)));
    if (ipv4) {
      packet.putInt(at + 8, (int) low ^ StunMessage.MAGIC_COOKIE);
    } else {
      packet.putLong(at + 8, high ^ XorAddress.mask(idHigh));
      packet.putLong(at + 16, low ^ id);
    }
    packet.putShort(offset - 4, (short) AttributeType.DATA);
    packet.putShort(offset - 2, (short) length);
    return start;
  }
}
