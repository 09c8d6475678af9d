package kith.auth;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** The name someone signs in with: one spelling of it, so that nobody can pass for another. */
final class Username {
  static final String RULE =
      "must have 3 to 32 characters: letters a to z, digits, dots, hyphens, underscores";
  private static final Pattern SHAPE = Pattern.compile("[a-z0-9][a-z0-9._-]{2,31}");

  private Username() {}

  static String normalized(String typed) {
    return Normalizer.normalize(typed.strip(), Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
  }

  static boolean isValid(String normalized) {
    return SHAPE.matcher(normalized).matches();
  }

  /** The nearest valid name to one that came from elsewhere. */
  static Optional<String> near(String foreign) {
    String kept = normalized(foreign).replaceAll("[^a-z0-9._-]", "").replaceAll("^[._-]+", "");
    String cut = kept.substring(0, Math.min(kept.length(), 24));
    return isValid(cut) ? Optional.of(cut) : Optional.empty();
  }
}
