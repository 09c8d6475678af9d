package kith.auth;

import kith.privacy.RelayPolicy;

/**
 * Someone with an account.
 *
 * @param relay when others may learn the addresses of their devices
 */
public record User(UserId id, String username, String displayName, RelayPolicy relay) {
  /** Someone new. */
  public User(UserId id, String username, String displayName) {
    this(id, username, displayName, RelayPolicy.DIRECT);
  }
}
