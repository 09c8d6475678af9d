package kith.settings;

import java.net.InetAddress;

/** An IP network: an address and how many of its leading bits count (RFC 4632, RFC 4291). */
public record AddressRange(InetAddress network, int prefixLength) {
  public AddressRange {
    if (prefixLength < 0 || prefixLength > network.getAddress().length * 8) {
      throw new IllegalArgumentException("no prefix length: " + prefixLength);
    }
  }

  /**
   * @param text {@code 10.0.0.0/8}, {@code ::1}
   * @throws IllegalArgumentException if it is neither an address nor a range
   */
  public static AddressRange parse(String text) {
    int slash = text.indexOf('/');
    InetAddress address = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
    return new AddressRange(
        address,
        slash < 0 ? address.getAddress().length * 8 : Integer.parseInt(text.substring(slash + 1)));
  }

  /** As {@link #parse} reads it. */
  public String text() {
    return network.getHostAddress() + "/" + prefixLength;
  }

  public boolean contains(InetAddress address) {
    byte[] ours = network.getAddress();
    byte[] theirs = address.getAddress();
    if (ours.length != theirs.length) {
      return false;
    }
    for (int bit = 0; bit < prefixLength; bit++) {
      int mask = 0x80 >> (bit % 8);
      if ((ours[bit / 8] & mask) != (theirs[bit / 8] & mask)) {
        return false;
      }
    }
    return true;
  }
}
