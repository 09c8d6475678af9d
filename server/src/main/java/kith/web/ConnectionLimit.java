package kith.web;

import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import kith.limits.RateLimits;
import org.jspecify.annotations.Nullable;

/** Connections cost memory, even those that say nothing: one address has so many, and no more. */
public final class ConnectionLimit {
  private final int most;
  private final Predicate<InetAddress> carriesOthers;
  private final Map<String, Integer> open = new ConcurrentHashMap<>();

  /**
   * @param most from one address
   * @param carriesOthers whose connections are not counted: through a proxy everyone comes
   */
  public ConnectionLimit(int most, Predicate<InetAddress> carriesOthers) {
    this.most = most;
    this.carriesOthers = carriesOthers;
  }

  /** Counts a connection, until it closes; false if it is one too many. */
  boolean opens(InetAddress peer) {
    return carriesOthers.test(peer) || open.merge(RateLimits.key(peer), 1, Integer::sum) <= most;
  }

  void closes(InetAddress peer) {
    if (!carriesOthers.test(peer)) {
      open.computeIfPresent(RateLimits.key(peer), (same, connections) -> less(connections));
    }
  }

  /** Null removes it: who has no connection leaves no trace. */
  private static @Nullable Integer less(int connections) {
    return connections > 1 ? connections - 1 : null;
  }

  /** Addresses that have a connection. */
  int addresses() {
    return open.size();
  }
}
