package kith.auth;

/**
 * Who someone is: the {@code sub} of their token, 1 to 128 characters. Kith's own accounts are
 * UUIDs; an external issuer may use anything.
 */
public record UserId(String value) {
  public static final int MAX_LENGTH = 128;

  public UserId {
    if (value.isEmpty() || value.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("a user id has 1 to " + MAX_LENGTH + " characters");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
