package kith.auth;

/** A sign-in: the {@code sid} of the access tokens that this server gave for it. */
public record SessionId(String value) {
  @Override
  public String toString() {
    return value;
  }
}
