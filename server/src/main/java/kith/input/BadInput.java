package kith.input;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What a client sent is not what was asked for: every field that is wrong, with what it should have
 * been.
 */
public final class BadInput extends RuntimeException {
  private final transient List<FieldError> errors;

  public BadInput(List<FieldError> errors) {
    super(
        errors.stream()
            .map(error -> error.field() + " " + error.message())
            .collect(Collectors.joining("; ")),
        null,
        false,
        false);
    this.errors = List.copyOf(errors);
  }

  public BadInput(String field, String message) {
    this(List.of(new FieldError(field, message)));
  }

  public List<FieldError> errors() {
    return errors;
  }

  /**
   * One field and what is wrong with it, to be read after the field's name: "must be a boolean".
   */
  public record FieldError(String field, String message) {}
}
