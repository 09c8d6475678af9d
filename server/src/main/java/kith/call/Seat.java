package kith.call;

import java.time.Instant;
import java.util.Optional;

/**
 * The place of one of the two in a call, and the device that sits on it.
 *
 * @param awaySince when that device dropped out; empty while it is there
 * @param shows what it said last that it sends
 * @param report what it told of the quality
 */
public record Seat(
    Device device, Optional<Instant> awaySince, Optional<MediaState> shows, QualityReport report) {

  static Seat of(Device device) {
    return new Seat(device, Optional.empty(), Optional.empty(), QualityReport.NONE);
  }

  Seat away(Instant since) {
    return awaySince.isPresent() ? this : new Seat(device, Optional.of(since), shows, report);
  }

  Seat back(Device as) {
    return new Seat(as, Optional.empty(), shows, report);
  }

  Seat showing(MediaState media) {
    return new Seat(device, awaySince, Optional.of(media), report);
  }

  Seat reporting(QualityReport quality) {
    return new Seat(device, awaySince, shows, report.then(quality));
  }

  boolean isAway() {
    return awaySince.isPresent();
  }
}
