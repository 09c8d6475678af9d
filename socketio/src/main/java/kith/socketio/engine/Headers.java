package kith.socketio.engine;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** HTTP header fields in the order they came; kept flat, since every idle session holds one. */
public final class Headers {
  public static final Headers NONE = new Headers(new String[0]);

  private final String[] flat;

  private Headers(String[] flat) {
    this.flat = flat;
  }

  /** From name, value, name, value. */
  public static Headers of(List<String> namesAndValues) {
    if (namesAndValues.size() % 2 != 0) {
      throw new IllegalArgumentException("a header name without a value");
    }
    return new Headers(namesAndValues.toArray(new String[0]));
  }

  /** The first value of a field, by a name in any case. */
  public @Nullable String get(String name) {
    for (int i = 0; i < flat.length; i += 2) {
      if (flat[i].equalsIgnoreCase(name)) {
        return flat[i + 1];
      }
    }
    return null;
  }

  /** By lower-case name; repeated fields joined by a comma (RFC 9110 section 5.2). */
  public Map<String, String> toMap() {
    Map<String, String> map = new LinkedHashMap<>();
    for (int i = 0; i < flat.length; i += 2) {
      map.merge(flat[i].toLowerCase(java.util.Locale.ROOT), flat[i + 1], (a, b) -> a + ", " + b);
    }
    return map;
  }
}
