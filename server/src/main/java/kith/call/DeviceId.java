package kith.call;

/**
 * One device of a user: a phone, a browser tab. 1 to 128 characters, unique within the user only.
 */
public record DeviceId(String value) {
  public static final int MAX_LENGTH = 128;

  public DeviceId {
    if (value.isEmpty() || value.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("a device id has 1 to " + MAX_LENGTH + " characters");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
