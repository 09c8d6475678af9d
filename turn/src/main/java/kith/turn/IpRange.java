package kith.turn;

import java.net.InetAddress;
import kith.turn.stun.AddressFamily;
import kith.turn.stun.TransportAddress;

/**
 * A CIDR block, such as {@code 10.0.0.0/8} or {@code fd00::/8}; a bare address is a block of one.
 */
public record IpRange(String text, long high, long low, long highMask, long lowMask) {

  /**
   * Reads a block. Only literal addresses are taken: no name is ever looked up.
   *
   * @throws IllegalArgumentException saying what is wrong with the text
   */
  public static IpRange parse(String text) {
    int slash = text.indexOf('/');
    String literal = (slash < 0 ? text : text.substring(0, slash)).strip();
    TransportAddress address = TransportAddress.of(literal(literal, text), 0);
    boolean ipv4 = address.family() == AddressFamily.IPV4;
    int bits =
        slash < 0
            ? (ipv4 ? 32 : 128)
            : prefix(text.substring(slash + 1).strip(), ipv4 ? 32 : 128, text);
    int prefix = ipv4 ? bits + 96 : bits;
    long highMask = mask(prefix);
    long lowMask = mask(prefix - 64);
    return new IpRange(text, address.high() & highMask, address.low() & lowMask, highMask, lowMask);
  }

  private static InetAddress literal(String literal, String text) {
    try {
      return InetAddress.ofLiteral(literal);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "not an address range: \"" + text + "\" (write 10.0.0.0/8 or fd00::/8)", e);
    }
  }

  private static int prefix(String digits, int most, String text) {
    if (!digits.matches("\\d{1,3}") || Integer.parseInt(digits) > most) {
      throw new IllegalArgumentException(
          "not an address range: \"" + text + "\" (the prefix goes from 0 to " + most + ")");
    }
    return Integer.parseInt(digits);
  }

  private static long mask(int bits) {
    return bits <= 0 ? 0 : bits >= 64 ? -1L : -1L << (64 - bits);
  }

  public boolean contains(long addressHigh, long addressLow) {
    return (addressHigh & highMask) == high && (addressLow & lowMask) == low;
  }
}
