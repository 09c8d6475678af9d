package kith.settings;

import java.util.List;

/** The settings cannot be used; every reason at once, one line each. */
public final class BadSettings extends Exception {
  private final transient List<String> errors;

  public BadSettings(List<String> errors) {
    super(String.join("\n", errors));
    this.errors = List.copyOf(errors);
  }

  public List<String> errors() {
    return errors;
  }
}
