package kith.auth;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import kith.limits.RateLimit;
import kith.limits.RateLimits;
import kith.web.Problem;

/** How often someone may try to get in. An attempt that succeeds is not counted. */
final class SignInLimits {
  private static final RateLimit PER_ACCOUNT = new RateLimit(10, Duration.ofMinutes(15));
  private static final RateLimit PER_ADDRESS = new RateLimit(50, Duration.ofMinutes(15));
  private static final RateLimit REGISTRATIONS_PER_ADDRESS =
      new RateLimit(100, Duration.ofHours(1));
  private static final int IPV6_NETWORK_BYTES = 8;

  private final RateLimits byAccount;
  private final RateLimits byAddress;
  private final RateLimits registrations;

  SignInLimits(InstantSource clock) {
    this.byAccount = new RateLimits(PER_ACCOUNT, clock);
    this.byAddress = new RateLimits(PER_ADDRESS, clock);
    this.registrations = new RateLimits(REGISTRATIONS_PER_ADDRESS, clock);
  }

  void attempt(String account, InetAddress address) {
    byAddress.take(key(address)).ifPresent(SignInLimits::refuse);
    byAccount.take(account).ifPresent(SignInLimits::refuse);
  }

  void succeeded(String account, InetAddress address) {
    byAddress.giveBack(key(address));
    byAccount.giveBack(account);
  }

  /** For secrets that name no account: refresh tokens. */
  void attempt(InetAddress address) {
    byAddress.take(key(address)).ifPresent(SignInLimits::refuse);
  }

  void succeeded(InetAddress address) {
    byAddress.giveBack(key(address));
  }

  void register(InetAddress address) {
    registrations.take(key(address)).ifPresent(SignInLimits::refuse);
  }

  private static void refuse(Duration wait) {
    throw Problem.rateLimited(wait);
  }

  /** One household has one IPv4 address or one IPv6 /64. */
  private static String key(InetAddress address) {
    return address instanceof Inet6Address
        ? HexFormat.of().formatHex(address.getAddress(), 0, IPV6_NETWORK_BYTES)
        : address.getHostAddress();
  }
}
