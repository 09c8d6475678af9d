package kith.call;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

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

  public QualityReport {
    fields = Map.copyOf(fields);
  }

  /** Of each field the last word counts. */
  QualityReport then(QualityReport later) {
    var all = new LinkedHashMap<>(fields);
    all.putAll(later.fields);
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
