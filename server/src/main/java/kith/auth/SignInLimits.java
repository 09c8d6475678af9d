package kith.auth;

import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import kith.limits.RateLimit;
import kith.limits.RateLimits;
import kith.web.Problem;

/**
 * How often someone may try to get in. An attempt that succeeds is not counted. From one address an
 * account may be tried a few times; from all together far more often, so that a stranger's guesses
 * do not easily keep its owner out.
 */
final class SignInLimits {
  private static final Duration WINDOW = Duration.ofMinutes(15);
  private static final RateLimit PER_ACCOUNT_AND_ADDRESS = new RateLimit(10, WINDOW);
  private static final RateLimit PER_ACCOUNT = new RateLimit(100, WINDOW);
  private static final RateLimit PER_ADDRESS = new RateLimit(50, WINDOW);
  private static final RateLimit REGISTRATIONS_PER_ADDRESS =
      new RateLimit(100, Duration.ofHours(1));

  private final RateLimits byAccountAndAddress;
  private final RateLimits byAccount;
  private final RateLimits byAddress;
  private final RateLimits registrations;

  SignInLimits(InstantSource clock) {
    this.byAccountAndAddress = new RateLimits(PER_ACCOUNT_AND_ADDRESS, clock);
    this.byAccount = new RateLimits(PER_ACCOUNT, clock);
    this.byAddress = new RateLimits(PER_ADDRESS, clock);
    this.registrations = new RateLimits(REGISTRATIONS_PER_ADDRESS, clock);
  }

  /** The widest limit comes last: what a narrower one refuses does not count against others. */
  void attempt(String account, InetAddress address) {
    byAddress.take(RateLimits.key(address)).ifPresent(SignInLimits::refuse);
    byAccountAndAddress.take(key(account, address)).ifPresent(SignInLimits::refuse);
    byAccount.take(account).ifPresent(SignInLimits::refuse);
  }

  void succeeded(String account, InetAddress address) {
    byAddress.giveBack(RateLimits.key(address));
    byAccountAndAddress.giveBack(key(account, address));
    byAccount.giveBack(account);
  }

  /** For secrets that name no account: refresh tokens. */
  void attempt(InetAddress address) {
    byAddress.take(RateLimits.key(address)).ifPresent(SignInLimits::refuse);
  }

  void succeeded(InetAddress address) {
    byAddress.giveBack(RateLimits.key(address));
  }

  void register(InetAddress address) {
    registrations.take(RateLimits.key(address)).ifPresent(SignInLimits::refuse);
  }

  private static void refuse(Duration wait) {
    throw Problem.rateLimited(wait);
  }

  private static String key(String account, InetAddress address) {
    return RateLimits.key(address) + ' ' + account;
  }
}
