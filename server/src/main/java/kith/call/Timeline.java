package kith.call;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The course of a call that is over, as docs/protocol.md tells it.
 *
 * @param warmAt since when the media connection stood while it still rang
 * @param firstFrameAt when both sides, as far as they told, had seen a picture
 * @param firstAudioAt when both had heard a sound
 */
public record Timeline(
    Instant offeredAt,
    Optional<Instant> ringingAt,
    Optional<Instant> warmAt,
    Optional<Instant> answeredAt,
    Optional<Instant> connectedAt,
    Optional<Instant> firstFrameAt,
    Optional<Instant> firstAudioAt,
    int reconnects,
    Duration reconnecting,
    Instant endedAt) {

  /**
   * @param ended how it ended
   * @param reports what the two sides told
   */
  public static Timeline of(
      Instant offeredAt,
      Milestones milestones,
      CallState.Ended ended,
      List<QualityReport> reports) {
    Optional<Duration> warm = warm(reports);
    return new Timeline(
        offeredAt,
        milestones.ringingAt(),
        ended
            .answeredAt()
            .flatMap(at -> warm.filter(Duration::isPositive).map(at::minus))
            .map(at -> at.isBefore(offeredAt) ? offeredAt : at),
        ended.answeredAt(),
        ended.connectedAt(),
        afterAnswer(ended, reports, Measure.FIRST_FRAME),
        afterAnswer(ended, reports, Measure.FIRST_AUDIO),
        milestones.reconnects(),
        milestones.awayUntil(ended.at()),
        ended.at());
  }

  private static Optional<Instant> afterAnswer(
      CallState.Ended ended, List<QualityReport> reports, Measure measure) {
    Optional<Duration> last = told(reports, measure).max(Comparator.naturalOrder());
    return ended
        .answeredAt()
        .flatMap(at -> last.map(at::plus))
        .map(at -> at.isAfter(ended.at()) ? ended.at() : at);
  }

  /** How long both sides had a connection when the call was answered: zero if one had none. */
  static Optional<Duration> warm(List<QualityReport> reports) {
    return told(reports, Measure.WARM).min(Comparator.naturalOrder());
  }

  private static Stream<Duration> told(List<QualityReport> reports, Measure measure) {
    return reports.stream().flatMap(report -> report.duration(measure).stream());
  }

  /** The worse of what the two sides said. */
  public static Optional<Quality> quality(List<QualityReport> reports) {
    return reports.stream().flatMap(it -> it.quality().stream()).reduce(Quality::worse);
  }
}
