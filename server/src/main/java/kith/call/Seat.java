package kith.call;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * The place of one of the two in a call, and the device that sits on it.
 *
 * @param awaySince when that device dropped out; empty while it is there
 * @param held its user put the call on hold
 * @param shows what it said last that it sends
 * @param report what it said last of the quality
 */
public record Seat(
    Device device,
    Optional<Instant> awaySince,
    boolean held,
    Optional<MediaState> shows,
    Map<String, Object> report) {

  static Seat of(Device device) {
    return new Seat(device, Optional.empty(), false, Optional.empty(), Map.of());
  }

  Seat away(Instant since) {
    return awaySince.isPresent() ? this : new Seat(device, Optional.of(since), held, shows, report);
  }

  Seat back(Device as) {
    return new Seat(as, Optional.empty(), held, shows, report);
  }

  Seat holding(boolean hold) {
    return new Seat(device, awaySince, hold, shows, report);
  }

  Seat showing(MediaState media) {
    return new Seat(device, awaySince, held, Optional.of(media), report);
  }

  Seat reporting(Map<String, Object> quality) {
    return new Seat(device, awaySince, held, shows, quality);
  }

  boolean isAway() {
    return awaySince.isPresent();
  }
}
