package kith.input;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import kith.input.BadInput.FieldError;
import org.jspecify.annotations.Nullable;

/**
 * Reads a JSON object into a record, field by field. A wrong field is noted and a placeholder
 * returned, so that one pass finds everything that is wrong; {@link #check()} then throws {@link
 * BadInput}. Unknown fields are ignored.
 *
 * <pre>{@code
 * var fields = Fields.of(body);
 * var name = fields.line("name", 1, 64);
 * fields.check();
 * }</pre>
 */
public final class Fields {
  private static final UUID NONE = new UUID(0, 0);

  /** What a browser would read as a tag or comment; a heart, {@code <3}, is none. */
  private static final Pattern MARKUP = Pattern.compile("<[a-zA-Z/!?]");

  private final Map<?, ?> object;
  private final List<FieldError> errors = new ArrayList<>();

  private Fields(Map<?, ?> object) {
    this.object = object;
  }

  /**
   * @throws BadInput if this is no JSON object
   */
  public static Fields of(@Nullable Object json) {
    if (json instanceof Map<?, ?> object) {
      return new Fields(object);
    }
    throw new BadInput("body", "must be a JSON object");
  }

  /**
   * @throws BadInput if any field read so far was wrong
   */
  public void check() {
    if (!errors.isEmpty()) {
      throw new BadInput(errors);
    }
  }

  public boolean has(String field) {
    return object.get(field) != null;
  }

  /**
   * One line a person reads, such as a name: trimmed, min to max characters, nothing that is no
   * text (control characters, marks that turn the direction of what follows, HTML). Emoji are.
   */
  public String line(String field, int min, int max) {
    String text = text(field, 0, max).strip();
    if (text.codePoints().anyMatch(Fields::isUnprintable)) {
      wrong(field, "must not hold control characters");
    } else if (MARKUP.matcher(text).find()) {
      wrong(field, "must not hold HTML");
    } else if (has(field) && text.length() < min) {
      wrong(field, min == 1 ? "must not be empty" : "must have at least " + min + " characters");
    }
    return text;
  }

  public Optional<String> optionalLine(String field, int min, int max) {
    return has(field) ? Optional.of(line(field, min, max)) : Optional.empty();
  }

  /**
   * One line that a program wrote, such as the name of a device, and that no person can put right:
   * what {@link #line} would refuse is left out, and what is too long.
   */
  public Optional<String> optionalLabel(String field, int max) {
    if (!(object.get(field) instanceof String text)) {
      if (has(field)) {
        wrong(field, "must be a string");
      }
      return Optional.empty();
    }
    var label = new StringBuilder();
    text.strip()
        .codePoints()
        .filter(it -> !isUnprintable(it) && it != '<' && it != '>')
        .limit(max)
        .forEach(label::appendCodePoint);
    return Optional.of(label.toString().strip()).filter(it -> !it.isEmpty());
  }

  /** Any text of min to max UTF-16 units without U+0000, which PostgreSQL cannot keep. */
  public String text(String field, int min, int max) {
    if (object.get(field) instanceof String text) {
      if (text.length() > max) {
        wrong(field, "must have at most " + max + " characters");
      } else if (text.length() < min) {
        wrong(field, "must have at least " + min + " characters");
      } else if (text.indexOf('\0') >= 0) {
        wrong(field, "must not hold control characters");
      } else {
        return text;
      }
    } else {
      wrong(field, has(field) ? "must be a string" : "is required");
    }
    return "";
  }

  public Optional<String> optionalText(String field, int min, int max) {
    return has(field) ? Optional.of(text(field, min, max)) : Optional.empty();
  }

  public boolean flag(String field) {
    if (object.get(field) instanceof Boolean flag) {
      return flag;
    }
    wrong(field, has(field) ? "must be true or false" : "is required");
    return false;
  }

  /** A whole number from least to most, if there is one. */
  public Optional<Long> optionalNumber(String field, long least, long most) {
    if (!has(field)) {
      return Optional.empty();
    }
    Object value = object.get(field);
    if ((value instanceof Integer || value instanceof Long)
        && ((Number) value).longValue() >= least
        && ((Number) value).longValue() <= most) {
      return Optional.of(((Number) value).longValue());
    }
    wrong(field, "must be a whole number from " + least + " to " + most);
    return Optional.empty();
  }

  public UUID uuid(String field) {
    String text = text(field, 36, 36);
    try {
      return text.isEmpty() ? NONE : UUID.fromString(text);
    } catch (IllegalArgumentException notOne) {
      wrong(field, "must be a UUID");
      return NONE;
    }
  }

  public Optional<UUID> optionalUuid(String field) {
    return has(field) ? Optional.of(uuid(field)) : Optional.empty();
  }

  /** A JSON object nested in this one, left as it is. */
  public Optional<Map<?, ?>> optionalObject(String field) {
    if (object.get(field) instanceof Map<?, ?> nested) {
      return Optional.of(nested);
    }
    if (has(field)) {
      wrong(field, "must be an object");
    }
    return Optional.empty();
  }

  /** A JSON array of at most max elements. */
  public List<?> list(String field, int max) {
    if (object.get(field) instanceof List<?> list) {
      if (list.size() <= max) {
        return list;
      }
      wrong(field, "must have at most " + max + " elements");
    } else {
      wrong(field, has(field) ? "must be an array" : "is required");
    }
    return List.of();
  }

  /**
   * Notes that a field is wrong, unless that is known already; the message reads on from the
   * field's name.
   */
  public void wrong(String field, String message) {
    if (errors.stream().noneMatch(error -> error.field().equals(field))) {
      errors.add(new FieldError(field, message));
    }
  }

  private static boolean isUnprintable(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.PRIVATE_USE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      case Character.FORMAT -> !isJoiner(codePoint) && !isEmojiTag(codePoint);
      default -> false;
    };
  }

  /** Families of emoji are joined by one; Persian and the scripts of India need both. */
  private static boolean isJoiner(int codePoint) {
    return codePoint == 0x200C || codePoint == 0x200D;
  }

  /** Spells out flags such as Wales (UTS #51 section 1.4.9). */
  private static boolean isEmojiTag(int codePoint) {
    return codePoint >= 0xE0020 && codePoint <= 0xE007F;
  }
}
