package kith.socketio.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON to and from plain Java values, by streaming and without reflection. */
final class Json {
  private static final int MAX_NUMBER_LENGTH = 100;
  private static final int MAX_NAME_LENGTH = 1_000;
  private static final int MAX_WRITE_DEPTH = 256;
  private static final String PLACEHOLDER = "_placeholder";

  private final JsonFactory factory;

  Json(PacketLimits limits) {
    factory =
        JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(limits.maxJsonDepth())
                    .maxStringLength(limits.maxStringLength())
                    .maxNumberLength(MAX_NUMBER_LENGTH)
                    .maxNameLength(MAX_NAME_LENGTH)
                    .build())
            .build();
  }

  // ---- reading

  /**
   * Reads the one value of {@code utf8[from, to)}. Where {@code attachments} are given,
   * placeholders stand for them.
   *
   * @throws MalformedPacket when it is not JSON, exceeds a limit, or a placeholder stands for
   *     nothing
   */
  @Nullable Object read(byte[] utf8, int from, int to, List<byte[]> attachments)
      throws MalformedPacket {
    try (JsonParser parser = factory.createParser(utf8, from, to - from)) {
      parser.nextToken();
      Object value = value(parser, new Attachments(attachments));
      if (parser.nextToken() != null) {
        throw new MalformedPacket("more than one JSON value");
      }
      return value;
    } catch (IOException notJson) {
      throw new MalformedPacket("not JSON");
    }
  }

  private static @Nullable Object value(JsonParser parser, Attachments attachments)
      throws IOException, MalformedPacket {
    JsonToken token = parser.currentToken();
    if (token == null) {
      throw new MalformedPacket("no JSON value");
    }
    return switch (token) {
      case START_OBJECT -> object(parser, attachments);
      case START_ARRAY -> array(parser, attachments);
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT ->
          parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
              ? (Object) parser.getDoubleValue()
              : (Object) parser.getLongValue();
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      case END_ARRAY, END_OBJECT, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
          throw new MalformedPacket("no JSON value");
    };
  }

  private static List<@Nullable Object> array(JsonParser parser, Attachments attachments)
      throws IOException, MalformedPacket {
    List<@Nullable Object> list = new ArrayList<>(4);
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      list.add(value(parser, attachments));
    }
    return list;
  }

  private static @Nullable Object object(JsonParser parser, Attachments attachments)
      throws IOException, MalformedPacket {
    Map<String, @Nullable Object> map = new LinkedHashMap<>(8);
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      map.put(name, value(parser, attachments));
    }
    return attachments.given() && Boolean.TRUE.equals(map.get(PLACEHOLDER))
        ? attachments.take(map.get("num"))
        : map;
  }

  /** Each attachment stands in one place: referring to one twice would multiply it. */
  private static final class Attachments {
    private final List<byte[]> parts;
    private final boolean[] taken;

    Attachments(List<byte[]> parts) {
      this.parts = parts;
      this.taken = new boolean[parts.size()];
    }

    boolean given() {
      return taken.length > 0;
    }

    byte[] take(@Nullable Object num) throws MalformedPacket {
      if (!(num instanceof Long index)
          || index < 0
          || index >= taken.length
          || taken[index.intValue()]) {
        throw new MalformedPacket("a placeholder without its attachment");
      }
      taken[index.intValue()] = true;
      return parts.get(index.intValue());
    }
  }

  // ---- writing

  /** Appends a value; binary values go to {@code attachments} and leave a placeholder. */
  void write(@Nullable Object value, Bytes out, List<byte[]> attachments) {
    try (JsonGenerator generator = factory.createGenerator(out)) {
      write(generator, value, attachments, 0);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private static void write(
      JsonGenerator generator, @Nullable Object value, List<byte[]> attachments, int depth)
      throws IOException {
    if (depth > MAX_WRITE_DEPTH) {
      throw new IllegalArgumentException("nested deeper than " + MAX_WRITE_DEPTH);
    }
    switch (value) {
      case null -> generator.writeNull();
      case String s -> generator.writeString(s);
      case Long n -> generator.writeNumber(n);
      case Integer n -> generator.writeNumber(n);
      case Boolean b -> generator.writeBoolean(b);
      case Double n -> writeDouble(generator, n);
      case Float n -> writeDouble(generator, n.doubleValue());
      case Short n -> generator.writeNumber(n.intValue());
      case Byte n -> generator.writeNumber(n.intValue());
      case java.math.BigInteger n -> generator.writeNumber(n);
      case java.math.BigDecimal n -> generator.writeNumber(n);
      case byte[] data -> writePlaceholder(generator, attachments, data);
      case Map<?, ?> map -> writeObject(generator, map, attachments, depth);
      case Iterable<?> list -> writeArray(generator, list, attachments, depth);
      default ->
          throw new IllegalArgumentException("cannot be sent: " + value.getClass().getName());
    }
  }

  /** As JSON.stringify does, NaN and the infinities become null. */
  private static void writeDouble(JsonGenerator generator, double n) throws IOException {
    if (Double.isFinite(n)) {
      generator.writeNumber(n);
    } else {
      generator.writeNull();
    }
  }

  private static void writePlaceholder(
      JsonGenerator generator, List<byte[]> attachments, byte[] data) throws IOException {
    generator.writeStartObject();
    generator.writeBooleanField(PLACEHOLDER, true);
    generator.writeNumberField("num", attachments.size());
    generator.writeEndObject();
    attachments.add(data);
  }

  private static void writeObject(
      JsonGenerator generator, Map<?, ?> map, List<byte[]> attachments, int depth)
      throws IOException {
    generator.writeStartObject();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      if (!(entry.getKey() instanceof String name)) {
        throw new IllegalArgumentException("a map's keys must be strings");
      }
      generator.writeFieldName(name);
      write(generator, entry.getValue(), attachments, depth + 1);
    }
    generator.writeEndObject();
  }

  private static void writeArray(
      JsonGenerator generator, Iterable<?> list, List<byte[]> attachments, int depth)
      throws IOException {
    generator.writeStartArray();
    for (Object element : list) {
      write(generator, element, attachments, depth + 1);
    }
    generator.writeEndArray();
  }
}
