package kith.turn.net.command;

import java.util.function.BiConsumer;

/**
 * One option of the command line.
 *
 * @param value what its value is called; empty when it has none
 * @param meaning a line for {@code --help}
 * @param effect what it does with its value, which is empty when it has none; throws
 *     IllegalArgumentException saying what is wrong with it
 */
record Option(String name, String value, String meaning, BiConsumer<Draft, String> effect) {
  private static final int MEANING_COLUMN = 33;

  boolean hasValue() {
    return !value.isEmpty();
  }

  void apply(Draft draft, String given) {
    try {
      effect.accept(draft, given);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
    }
  }

  String help() {
    String left = "  " + (name + " " + value).strip();
    return left + " ".repeat(Math.max(1, MEANING_COLUMN - left.length())) + meaning;
  }
}
