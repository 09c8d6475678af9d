package kith.call;

import java.util.Locale;

/** What a call starts with. */
public enum Media {
  VIDEO,
  AUDIO;

  /** As it is written on the wire and in the database: {@code video}. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Media ofWire(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
