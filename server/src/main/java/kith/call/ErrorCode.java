package kith.call;

import java.util.Locale;

/** The codes of the signaling contract. */
public enum ErrorCode {
  BAD_REQUEST,
  NOT_FOUND,
  FORBIDDEN,
  CONFLICT,
  BUSY,
  RATE_LIMITED,
  TOO_LARGE,
  UNAVAILABLE;

  /** As it is written on the wire: {@code rate_limited}. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
