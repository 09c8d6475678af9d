package kith.socketio.engine;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * HTTP header fields in the order they came; kept as one string, since every idle session holds
 * one.
 */
public final class Headers {
  public static final Headers NONE = new Headers("");

  /** Cannot occur in a field (RFC 9110 section 5.5). */
  private static final char END = '\0';

  private final String joined;

  private Headers(String joined) {
    this.joined = joined;
  }

  /** From name, value, name, value. */
  public static Headers of(List<String> namesAndValues) {
    if (namesAndValues.size() % 2 != 0) {
      throw new IllegalArgumentException("a header name without a value");
    }
    StringBuilder joined = new StringBuilder();
    namesAndValues.forEach(part -> joined.append(part.replace(END, ' ')).append(END));
    return new Headers(joined.toString());
  }

  /** The first value of a field, by a name in any case. */
  public @Nullable String get(String name) {
    for (int at = 0; at < joined.length(); ) {
      int nameEnd = joined.indexOf(END, at);
      int valueEnd = joined.indexOf(END, nameEnd + 1);
      if (nameEnd - at == name.length() && joined.regionMatches(true, at, name, 0, name.length())) {
        return joined.substring(nameEnd + 1, valueEnd);
      }
      at = valueEnd + 1;
    }
    return null;
  }

  /** By lower-case name; repeated fields joined by a comma (RFC 9110 section 5.2). */
  public Map<String, String> toMap() {
    Map<String, String> map = new LinkedHashMap<>();
    for (int at = 0; at < joined.length(); ) {
      int nameEnd = joined.indexOf(END, at);
      int valueEnd = joined.indexOf(END, nameEnd + 1);
      map.merge(
          joined.substring(at, nameEnd).toLowerCase(Locale.ROOT),
          joined.substring(nameEnd + 1, valueEnd),
          (a, b) -> a + ", " + b);
      at = valueEnd + 1;
    }
    return map;
  }
}
