package kith.signaling;

import java.time.Instant;
import kith.auth.UserId;

/**
 * Tells who a token speaks for: asked at CONNECT and at {@code token-refresh}, answered by auth.
 * May block; never called from an event loop.
 */
@FunctionalInterface
public interface TokenCheck {
  /**
   * @throws TokenRefused if the token is not one of ours, or no longer is
   */
  Identity check(String token) throws TokenRefused;

  /** Who a token speaks for, the name others see, and until when. */
  record Identity(UserId user, String name, Instant expiresAt) {}

  /** Why a token was not taken. */
  final class TokenRefused extends Exception {
    private static final long serialVersionUID = 1L;
    private final Code code;

    public TokenRefused(Code code, String message) {
      super(message, null, false, false);
      this.code = code;
    }

    public Code code() {
      return code;
    }
  }

  /** The codes a refused CONNECT carries. */
  enum Code {
    TOKEN_MISSING,
    TOKEN_INVALID,
    TOKEN_EXPIRED;

    /** As it is written on the wire: {@code token_invalid}. */
    public String wire() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }
}
