package kith.auth;

import java.util.Locale;

/** An access token was not taken, and why. */
public final class TokenRefused extends Exception {
  private final Code code;

  public TokenRefused(Code code, String message) {
    super(message, null, false, false);
    this.code = code;
  }

  public Code code() {
    return code;
  }

  /** The codes of the signaling contract. */
  public enum Code {
    TOKEN_MISSING,
    TOKEN_INVALID,
    TOKEN_EXPIRED;

    /** As it is written on the wire: {@code token_invalid}. */
    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
