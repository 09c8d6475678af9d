package kith.turn.net;

import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** How many connections there may be, in all and from one address. Shared by all loops. */
final class ConnectionLimit {
  private final int inAll;
  private final int perAddress;
  private final AtomicInteger total = new AtomicInteger();
  private final Map<InetAddress, Integer> counts = new ConcurrentHashMap<>();

  ConnectionLimit(int inAll, int perAddress) {
    this.inAll = inAll;
    this.perAddress = perAddress;
  }

  boolean take(InetAddress address) {
    if (total.incrementAndGet() > inAll) {
      total.decrementAndGet();
      return false;
    }
    if (counts.merge(address, 1, Integer::sum) > perAddress) {
      give(address);
      return false;
    }
    return true;
  }

  void give(InetAddress address) {
    total.decrementAndGet();
    counts.computeIfPresent(
        address, (key, count) -> count == 1 ? null : Integer.valueOf(count - 1));
  }

  int total() {
    return total.get();
  }
}
