package kith.turn;

import java.util.List;
import java.util.function.LongPredicate;
import java.util.stream.Stream;
import kith.turn.stun.TransportAddress;

/**
 * Which peers may be reached through the relay (RFC 8656 §21.2). What the operator allows wins over
 * what is denied; the ranges that lead into the operator's own network, however they are spelled,
 * are denied by default.
 */
public record PeerPolicy(List<IpRange> allowed, List<IpRange> denied) {

  /**
   * Unroutable, private, and shared ranges, and the wrappings that may hide them. Those for
   * documentation (RFC 5737, RFC 3849) are not among them: nobody routes them, so nothing of the
   * operator's is behind them.
   */
  private static final List<IpRange> DENIED_BY_DEFAULT =
      Stream.of(
              "0.0.0.0/8", // "this host" (RFC 1122 §3.2.1.3)
              "10.0.0.0/8", // private (RFC 1918)
              "100.64.0.0/10", // carrier-grade NAT (RFC 6598)
              "127.0.0.0/8", // loopback
              "168.63.129.16", // what Azure serves its virtual machines at
              "169.254.0.0/16", // link-local and the metadata services of clouds (RFC 3927)
              "172.16.0.0/12",
              "192.0.0.0/24", // protocol assignments (RFC 6890)
              "192.88.99.0/24", // relays of 6to4, as they were (RFC 7526)
              "192.168.0.0/16",
              "198.18.0.0/15", // benchmarks within one's own network (RFC 2544)
              "224.0.0.0/4", // multicast
              "240.0.0.0/4", // reserved, and broadcast
              "2001::/23") // Teredo, ORCHID and other assignments (RFC 2928)
          .map(IpRange::parse)
          .toList();

  /**
   * All of IPv6 that is handed out to be reached (RFC 4291 §2.4). Outside are loopback, link-local,
   * unique local, multicast, IPv4-compatible and IPv4-translated addresses, local NAT64, segment
   * routing, discard, and what nobody uses yet.
   */
  private static final IpRange GLOBAL_IPV6 = IpRange.parse("2000::/3");

  private static final IpRange NAT64 = IpRange.parse("64:ff9b::/96"); // RFC 6052
  private static final IpRange SIX_TO_FOUR = IpRange.parse("2002::/16"); // RFC 3056

  private static final long ISATAP = 0x0000_5EFE;
  private static final long ISATAP_UNIVERSAL = 0x0200_0000;

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
    if (wraps(high, low, ipv4 -> denies(0, ipv4))) {
      return true;
    }
    return !TransportAddress.isMapped(high, low)
        && !NAT64.contains(high, low)
        && !GLOBAL_IPV6.contains(high, low);
  }

  /**
   * Whether what is sent to this IPv6 address may come to an IPv4 address that it spells out, and
   * of which this is true.
   *
   * @param ipv4 is given the lower half of its mapped form
   */
  static boolean wraps(long high, long low, LongPredicate ipv4) {
    return (NAT64.contains(high, low) || isIsatap(low))
            && ipv4.test(TransportAddress.mapped((int) low))
        || SIX_TO_FOUR.contains(high, low)
            && ipv4.test(TransportAddress.mapped((int) (high >>> 16)));
  }

  /** Of any network: its lower half begins with 0:5efe or 200:5efe (RFC 5214 §6.1). */
  private static boolean isIsatap(long low) {
    return (low >>> 32 & ~ISATAP_UNIVERSAL) == ISATAP;
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
