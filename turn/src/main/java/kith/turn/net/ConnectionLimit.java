package kith.turn.net;

import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import kith.turn.stun.AddressFamily;
import kith.turn.stun.TransportAddress;

/**
 * How many connections there may be, in all and from one address. Shared by all loops. IPv6
 * addresses of one /64 count as one: a single host may use them all (RFC 4291 section 2.5.4).
 */
final class ConnectionLimit {
  private final int inAll;
  private final int perAddress;
  private final AtomicInteger total = new AtomicInteger();
  private final Map<Site, Integer> counts = new ConcurrentHashMap<>();

  /** Whose connections count together: an IPv4 address, or the upper half of an IPv6 one. */
  private record Site(AddressFamily family, long prefix) {
    static Site of(InetAddress address) {
      TransportAddress host = TransportAddress.of(address, 0);
      return switch (host.family()) {
        case IPV4 -> new Site(AddressFamily.IPV4, host.low());
        case IPV6 -> new Site(AddressFamily.IPV6, host.high());
      };
    }
  }

  ConnectionLimit(int inAll, int perAddress) {
    this.inAll = inAll;
    this.perAddress = perAddress;
  }

  boolean take(InetAddress address) {
    if (total.incrementAndGet() > inAll) {
      total.decrementAndGet();
      return false;
    }
    if (counts.merge(Site.of(address), 1, Integer::sum) > perAddress) {
      give(address);
      return false;
    }
    return true;
  }

  void give(InetAddress address) {
    total.decrementAndGet();
    counts.computeIfPresent(
        Site.of(address), (key, count) -> count == 1 ? null : Integer.valueOf(count - 1));
  }

  int total() {
    return total.get();
  }
}
