package kith.call;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How good a call was, in one word; the later, the worse. */
public enum Quality {
  GOOD,
  FAIR,
  POOR;

  public Quality worse(Quality other) {
    return compareTo(other) >= 0 ? this : other;
  }

  /** As it is written on the wire and in the database: {@code good}. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<Quality> ofWire(String text) {
    return Arrays.stream(values()).filter(quality -> quality.wire().equals(text)).findFirst();
  }
}
