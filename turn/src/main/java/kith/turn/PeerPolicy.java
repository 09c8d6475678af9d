package kith.turn;

import java.util.List;
import java.util.stream.Stream;
import kith.turn.stun.TransportAddress;

/**
 * Which peers may be reached through the relay (RFC 8656 §21.2). What the operator allows wins over
 * what is denied; the ranges that lead into the operator's own network, however they are spelled,
 * are denied by default.
 */
public record PeerPolicy(List<IpRange> allowed, List<IpRange> denied) {

  /** Unroutable, private, and shared ranges, and the wrappings that may hide them. */
  private static final List<IpRange> DENIED_BY_DEFAULT =
      Stream.of(
              "0.0.0.0/8", // "this host" (RFC 1122 §3.2.1.3)
              "10.0.0.0/8", // private (RFC 1918)
              "100.64.0.0/10", // carrier-grade NAT (RFC 6598)
              "127.0.0.0/8", // loopback
              "169.254.0.0/16", // link-local and the metadata services of clouds (RFC 3927)
              "172.16.0.0/12",
              "192.0.0.0/24", // protocol assignments (RFC 6890)
              "192.168.0.0/16",
              "224.0.0.0/4", // multicast
              "240.0.0.0/4", // reserved, and broadcast
              "::/96", // unspecified, loopback, IPv4-compatible (RFC 4291)
              "64:ff9b:1::/48", // local NAT64 (RFC 8215)
              "100::/64", // discard (RFC 6666)
              "2001::/23", // Teredo, ORCHID and other assignments (RFC 2928)
              "fc00::/7", // unique local (RFC 4193)
              "fe80::/10", // link-local
              "fec0::/10", // site-local (RFC 3879)
              "ff00::/8") // multicast
          .map(IpRange::parse)
          .toList();

  private static final IpRange NAT64 = IpRange.parse("64:ff9b::/96"); // RFC 6052
  private static final IpRange SIX_TO_FOUR = IpRange.parse("2002::/16"); // RFC 3056

  public PeerPolicy {
    allowed = List.copyOf(allowed);
    denied = List.copyOf(denied);
  }

  public static PeerPolicy standard() {
    return new PeerPolicy(List.of(), List.of());
  }

  boolean explicitlyAllows(long high, long low) {
    return anyContains(allowed, high, low);
  }

  boolean denies(long high, long low) {
    if (anyContains(denied, high, low) || anyContains(DENIED_BY_DEFAULT, high, low)) {
      return true;
    }
    if (NAT64.contains(high, low)) {
      return deniesIpv4((int) low);
    }
    return SIX_TO_FOUR.contains(high, low) && deniesIpv4((int) (high >>> 16));
  }

  private boolean deniesIpv4(int address) {
    return denies(0, TransportAddress.mapped(address));
  }

  private static boolean anyContains(List<IpRange> ranges, long high, long low) {
    for (IpRange range : ranges) {
      if (range.contains(high, low)) {
        return true;
      }
    }
    return false;
  }
}
