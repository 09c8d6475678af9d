package kith.privacy;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** When others may learn the network addresses of a user's devices; the later, the stricter. */
public enum RelayPolicy {
  /** Whenever there is a call, while it rings, too. */
  DIRECT,
  /** Once a call is answered; until then media goes through the relay. */
  UNTIL_ANSWERED,
  /** Never. */
  ALWAYS;

  public RelayPolicy stricter(RelayPolicy other) {
    return compareTo(other) >= 0 ? this : other;
  }

  /** As it is written on the wire and in the database: {@code until-answered}. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public static Optional<RelayPolicy> ofWire(String text) {
    return Arrays.stream(values()).filter(policy -> policy.wire().equals(text)).findFirst();
  }

  /** JSON writes an enum by this. */
  @Override
  public String toString() {
    return wire();
  }
}
