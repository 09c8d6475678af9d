package kith.limits;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Counts one kind of thing by key. Holds the latest keys only: a key pushed out starts afresh, so
 * memory stays bounded whatever keys a stranger invents.
 */
public final class RateLimits {
  private static final int MAX_KEYS = 20_000;
  private static final int IPV6_NETWORK_BYTES = 8;

  private final RateLimit limit;
  private final InstantSource clock;

  /**
   * By key, the moment when its last token will have come back (the generic cell rate algorithm).
   */
  private final Map<String, Instant> fullAgainAt =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
          return size() > MAX_KEYS;
        }
      };

  public RateLimits(RateLimit limit, InstantSource clock) {
    this.limit = limit;
    this.clock = clock;
  }

  /** Takes one, or says how long to wait for the next. */
  public Optional<Duration> take(String key) {
    return take(key, 1);
  }

  /** Takes that many, all or none. */
  public synchronized Optional<Duration> take(String key, int amount) {
    Instant now = clock.instant();
    Instant next = fullAfter(key, amount, now);
    Optional<Duration> over = over(next, now);
    if (over.isEmpty()) {
      fullAgainAt.put(key, next);
    }
    return over;
  }

  /** Says how long to wait for the next, and takes none. */
  public synchronized Optional<Duration> wait(String key) {
    Instant now = clock.instant();
    return over(fullAfter(key, 1, now), now);
  }

  private Instant fullAfter(String key, int amount, Instant now) {
    return later(fullAgainAt.getOrDefault(key, now), now)
        .plus(limit.interval().multipliedBy(amount));
  }

  private Optional<Duration> over(Instant next, Instant now) {
    return Optional.of(Duration.between(now.plus(limit.period()), next))
        .filter(Duration::isPositive);
  }

  /** Gives back one that was taken. */
  public synchronized void giveBack(String key) {
    fullAgainAt.computeIfPresent(key, (same, full) -> full.minus(limit.interval()));
  }

  /** One household has one IPv4 address or one IPv6 /64: what each address in it counts under. */
  public static String key(InetAddress address) {
    return address instanceof Inet6Address
        ? HexFormat.of().formatHex(address.getAddress(), 0, IPV6_NETWORK_BYTES)
        : address.getHostAddress();
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }
}
