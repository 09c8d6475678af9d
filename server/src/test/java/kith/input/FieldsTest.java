package kith.input;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import kith.input.BadInput.FieldError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FieldsTest {
  @Test
  void whatIsRightIsRead() {
    UUID id = UUID.randomUUID();
    Fields fields =
        Fields.of(Map.of("name", " Alice ", "on", true, "id", id.toString(), "count", 5));
    assertEquals("Alice", fields.line("name", 1, 10));
    assertEquals(true, fields.flag("on"));
    assertEquals(id, fields.uuid("id"));
    assertEquals(Optional.of(5L), fields.optionalNumber("count", 1, 10));
    fields.check();
  }

  @Test
  void everythingWrongIsToldOnce() {
    Fields fields = Fields.of(Map.of("name", 5, "id", "x", "count", 1.5));
    fields.line("name", 1, 10);
    fields.flag("on");
    fields.uuid("id");
    fields.optionalNumber("count", 1, 10);
    assertEquals(
        List.of(
            new FieldError("name", "must be a string"),
            new FieldError("on", "is required"),
            new FieldError("id", "must have at least 36 characters"),
            new FieldError("count", "must be a whole number from 1 to 10")),
        errors(fields));
  }

  @Test
  void aLabelIsTakenAsFarAsItCanBeShown() {
    assertEquals(Optional.of("Bob’s phone 📱"), label("  Bob’s\u202E phone\n 📱 "));
    assertEquals(Optional.of("iscript"), label("<i><script>"));
    assertEquals(Optional.of("📱".repeat(20)), label("📱".repeat(1000)));
    assertEquals(Optional.empty(), label(" \u0007 "));
    Fields number = Fields.of(Map.of("name", 7));
    assertEquals(Optional.empty(), number.optionalLabel("name", 20));
    assertEquals(List.of(new FieldError("name", "must be a string")), errors(number));
  }

  private static Optional<String> label(String text) {
    Fields fields = Fields.of(Map.of("name", text));
    Optional<String> label = fields.optionalLabel("name", 20);
    fields.check();
    return label;
  }

  @Test
  void nullIsAsGoodAsMissing() {
    Map<String, Object> object = new HashMap<>();
    object.put("name", null);
    Fields fields = Fields.of(object);
    assertEquals(Optional.empty(), fields.optionalLine("name", 1, 10));
    fields.line("name", 1, 10);
    assertEquals(List.of(new FieldError("name", "is required")), errors(fields));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "👩‍👩‍👧‍👦",
        "🏴󠁧󠁢󠁷󠁬󠁳󠁿",
        "❤️",
        "I <3 U",
        "a < b",
        "Zoë",
        "ليلى",
        "नेहा",
        "علی\u200cرضا"
      })
  void emojiAndEveryScriptMakeALine(String line) {
    Fields fields = Fields.of(Map.of("line", line));
    assertEquals(line, fields.line("line", 1, 64));
    fields.check();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\u0000b",
        "a\tb",
        "a\u0085b",
        "a\u2028b",
        "a\u202eb",
        "a\u2066b",
        "a\u200fb",
        "\ufeffab",
        "a\ud800b",
        "a\ue000b",
        "<script>",
        "</b>",
        "<!--",
        "<?xml"
      })
  void whatIsNoTextMakesNoLine(String line) {
    Fields fields = Fields.of(Map.of("line", line));
    fields.line("line", 1, 64);
    assertEquals(1, errors(fields).size());
  }

  @Test
  void onlyAnObjectHasFields() {
    assertThrows(BadInput.class, () -> Fields.of(List.of()));
    assertThrows(BadInput.class, () -> Fields.of(null));
  }

  private static List<FieldError> errors(Fields fields) {
    return assertThrows(BadInput.class, fields::check).errors();
  }
}
