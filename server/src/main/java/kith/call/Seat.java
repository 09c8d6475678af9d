package kith.call;

import java.time.Instant;
import java.util.Optional;

/**
 * The place of one of the two in a call, and the device that sits on it.
 *
 * @param awaySince when that device dropped out; empty while it is there
 * @param held its user put the call on hold
 * @param leaving it said that its page goes away: for a moment, if it is loaded anew, or for good
 * @param shows what it said last that it sends
 * @param report what it told of the quality
 */
public record Seat(
    Device device,
    Optional<Instant> awaySince,
    boolean held,
    boolean leaving,
    Optional<MediaState> shows,
    QualityReport report) {

  public static Seat of(Device device) {
    return new Seat(device, Optional.empty(), false, false, Optional.empty(), QualityReport.NONE);
  }

  public Seat away(Instant since) {
    return awaySince.isPresent()
        ? this
        : new Seat(device, Optional.of(since), held, leaving, shows, report);
  }

  /** The same device, as more is known of it. */
  Seat on(Device known) {
    return new Seat(known, awaySince, held, leaving, shows, report);
  }

  Seat back(Device as) {
    return new Seat(as, Optional.empty(), held, false, shows, report);
  }

  public Seat holding(boolean hold) {
    return new Seat(device, awaySince, hold, leaving, shows, report);
  }

  /** Who is away already is waited for as before. */
  Seat aboutToLeave() {
    return isAway() ? this : new Seat(device, awaySince, held, true, shows, report);
  }

  Seat showing(MediaState media) {
    return new Seat(device, awaySince, held, leaving, Optional.of(media), report);
  }

  public Seat reporting(QualityReport quality) {
    return new Seat(device, awaySince, held, leaving, shows, report.then(quality));
  }

  /** When the device, if it is away, is waited for no longer. */
  Optional<Instant> lostAt(CallSettings settings) {
    return awaySince.map(since -> since.plus(leaving ? settings.reload() : settings.grace()));
  }

  boolean isLost(Instant now, CallSettings settings) {
    return lostAt(settings).filter(at -> !now.isBefore(at)).isPresent();
  }

  boolean isAway() {
    return awaySince.isPresent();
  }
}
