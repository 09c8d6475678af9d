package kith;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** This build's version. */
final class Version {
  private Version() {}

  static String current() {
    try (InputStream text = Version.class.getResourceAsStream("version.txt")) {
      return text == null ? "0" : new String(text.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
