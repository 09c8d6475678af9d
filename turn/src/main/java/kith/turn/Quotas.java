package kith.turn;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** How many allocations and reserved ports there are, in all and per user. Shared by all loops. */
final class Quotas {
  private final Limits limits;
  private final AtomicInteger total = new AtomicInteger();
  private final Map<String, Integer> perUser = new ConcurrentHashMap<>();

  Quotas(Limits limits) {
    this.limits = limits;
  }

  /** Takes so many for this user, or none: false when either limit would be passed. */
  boolean take(String user, int amount) {
    if (total.addAndGet(amount) > limits.allocations()) {
      total.addAndGet(-amount);
      return false;
    }
    boolean[] taken = new boolean[1];
    perUser.compute(
        user,
        (name, count) -> {
          int now = count == null ? 0 : count;
          taken[0] = now + amount <= limits.allocationsPerUser();
          return taken[0] ? Integer.valueOf(now + amount) : count;
        });
    if (!taken[0]) {
      total.addAndGet(-amount);
    }
    return taken[0];
  }

  int total() {
    return total.get();
  }

  void give(String user, int amount) {
    total.addAndGet(-amount);
    perUser.computeIfPresent(
        user, (name, count) -> count == amount ? null : Integer.valueOf(count - amount));
  }
}
