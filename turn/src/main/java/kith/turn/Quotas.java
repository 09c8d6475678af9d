package kith.turn;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** How many allocations there are, in all and per user. Shared by all loops. */
final class Quotas {
  private final Limits limits;
  private final AtomicInteger total = new AtomicInteger();
  private final Map<String, Integer> perUser = new ConcurrentHashMap<>();

  Quotas(Limits limits) {
    this.limits = limits;
  }

  /** Takes one for this user; false when either limit is reached. */
  boolean take(String user) {
    if (total.incrementAndGet() > limits.allocations()) {
      total.decrementAndGet();
      return false;
    }
    boolean[] taken = new boolean[1];
    perUser.compute(
        user,
        (name, count) -> {
          int now = count == null ? 0 : count;
          taken[0] = now < limits.allocationsPerUser();
          return taken[0] ? Integer.valueOf(now + 1) : count;
        });
    if (!taken[0]) {
      total.decrementAndGet();
    }
    return taken[0];
  }

  void give(String user) {
    total.decrementAndGet();
    perUser.computeIfPresent(user, (name, count) -> count == 1 ? null : Integer.valueOf(count - 1));
  }
}
