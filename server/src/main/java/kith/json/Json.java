package kith.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kith.input.BadInput;
import org.jspecify.annotations.Nullable;

/**
 * JSON to and from plain values: maps, lists, strings, numbers, booleans, null. Records are written
 * as objects, a record of one component called {@code value}, such as an id, as that value; an
 * absent optional is left out.
 */
public final class Json {
  private static final int MAX_DEPTH = 16;
  private static final int MAX_NUMBER_LENGTH = 40;
  private static final int MAX_LENGTH = 1 << 20;

  private static final JsonFactory JSON =
      new JsonFactoryBuilder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(MAX_NUMBER_LENGTH)
                  .maxStringLength(MAX_LENGTH)
                  .maxDocumentLength(MAX_LENGTH)
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
          .build();

  private Json() {}

  /**
   * @throws BadInput if it is not one JSON value
   */
  public static @Nullable Object read(byte[] bytes) {
    try (JsonParser parser = JSON.createParser(bytes)) {
      if (parser.nextToken() == null) {
        throw new BadInput("body", "is empty; it must be JSON");
      }
      Object value = value(parser);
      if (parser.nextToken() != null) {
        throw new BadInput("body", "holds more than one JSON value");
      }
      return value;
    } catch (IOException wrong) {
      throw new BadInput("body", "is not JSON this server reads: " + brief(wrong));
    }
  }

  /** Where it went wrong, without quoting what was sent. */
  private static String brief(IOException wrong) {
    var at = wrong instanceof JsonProcessingException json ? json.getLocation() : null;
    return at == null
        ? "malformed"
        : "malformed or too deep at line " + at.getLineNr() + ", column " + at.getColumnNr();
  }

  private static @Nullable Object value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getNumberValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      case NOT_AVAILABLE, END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT ->
          throw new IllegalStateException("no value begins with " + parser.currentToken());
    };
  }

  private static Map<String, @Nullable Object> object(JsonParser parser) throws IOException {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      object.put(name, value(parser));
    }
    return object;
  }

  private static List<@Nullable Object> array(JsonParser parser) throws IOException {
    List<@Nullable Object> array = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      array.add(value(parser));
    }
    return array;
  }

  public static byte[] write(Object value) {
    var bytes = new ByteArrayOutputStream(256);
    try (JsonGenerator generator = JSON.createGenerator(bytes)) {
      write(generator, value);
    } catch (IOException | ReflectiveOperationException impossible) {
      throw new IllegalStateException(impossible);
    }
    return bytes.toByteArray();
  }

  private static void write(JsonGenerator generator, @Nullable Object value)
      throws IOException, ReflectiveOperationException {
    switch (value) {
      case null -> generator.writeNull();
      case String text -> generator.writeString(text);
      case Boolean flag -> generator.writeBoolean(flag);
      case Integer number -> generator.writeNumber(number);
      case Long number -> generator.writeNumber(number);
      case Number number -> generator.writeNumber(number.doubleValue());
      case Optional<?> optional -> write(generator, optional.orElse(null));
      case Enum<?> constant -> generator.writeString(constant.toString());
      case Instant time -> generator.writeNumber(time.toEpochMilli());
      case Record tuple -> writeRecord(generator, tuple);
      case Map<?, ?> map -> {
        generator.writeStartObject();
        for (var entry : map.entrySet()) {
          generator.writeFieldName(String.valueOf(entry.getKey()));
          write(generator, entry.getValue());
        }
        generator.writeEndObject();
      }
      case Iterable<?> elements -> {
        generator.writeStartArray();
        for (Object element : elements) {
          write(generator, element);
        }
        generator.writeEndArray();
      }
      default -> generator.writeString(value.toString());
    }
  }

  private static void writeRecord(JsonGenerator generator, Record tuple)
      throws IOException, ReflectiveOperationException {
    RecordComponent[] components = COMPONENTS.get(tuple.getClass());
    if (components.length == 1 && components[0].getName().equals("value")) {
      write(generator, components[0].getAccessor().invoke(tuple));
      return;
    }
    generator.writeStartObject();
    for (RecordComponent component : components) {
      Object value = component.getAccessor().invoke(tuple);
      if (!(value instanceof Optional<?> optional && optional.isEmpty())) {
        generator.writeFieldName(component.getName());
        write(generator, value);
      }
    }
    generator.writeEndObject();
  }

  private static final ClassValue<RecordComponent[]> COMPONENTS =
      new ClassValue<>() {
        @Override
        protected RecordComponent[] computeValue(Class<?> type) {
          RecordComponent[] components = type.getRecordComponents();
          for (RecordComponent component : components) {
            component.getAccessor().setAccessible(true);
          }
          return components;
        }
      };
}
