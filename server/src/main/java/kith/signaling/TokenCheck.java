package kith.signaling;

import kith.auth.Identities.Identity;
import kith.auth.TokenRefused;

/**
 * Tells who a token speaks for: asked at CONNECT and at {@code token-refresh}. May block; never
 * called from an event loop.
 */
@FunctionalInterface
public interface TokenCheck {
  /**
   * @throws TokenRefused if the token is not one of ours, or no longer is
   */
  Identity check(String token) throws TokenRefused;
}
