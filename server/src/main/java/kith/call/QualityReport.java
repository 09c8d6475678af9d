package kith.call;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What one side told of how a call went, by {@code call-quality}.
 *
 * @param fields by their names on the wire: numbers for each {@link Measure}, {@link #QUALITY} and
 *     {@link #RELAYED}
 */
public record QualityReport(Map<String, Object> fields) {
  public static final String QUALITY = "quality";
  public static final String RELAYED = "relayed";
  public static final QualityReport NONE = new QualityReport(Map.of());

  private static final List<String> BEGINNING =
      Stream.of(Measure.WARM, Measure.FIRST_FRAME, Measure.FIRST_AUDIO).map(Measure::wire).toList();

  public QualityReport {
    fields = Map.copyOf(fields);
  }

  /**
   * Of each field the last word counts; of how the call began, the first, since a page that was
   * loaded anew in it knows only of its own beginning.
   */
  QualityReport then(QualityReport later) {
    var all = new LinkedHashMap<>(fields);
    all.putAll(later.fields);
    BEGINNING.forEach(
        name -> Optional.ofNullable(fields.get(name)).ifPresent(it -> all.put(name, it)));
    return new QualityReport(all);
  }

  public Optional<Quality> quality() {
    return Optional.ofNullable(fields.get(QUALITY)).map(String::valueOf).flatMap(Quality::ofWire);
  }

  /** A measure in milliseconds. */
  public Optional<Duration> duration(Measure measure) {
    return fields.get(measure.wire()) instanceof Number millis
        ? Optional.of(Duration.ofMillis(Math.round(millis.doubleValue())))
        : Optional.empty();
  }
}
