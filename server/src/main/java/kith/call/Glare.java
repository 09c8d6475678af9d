package kith.call;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kith.call.Call.Ringer;

/**
 * Both call each other: one call comes of it, answered at once, and its callId is the lesser one.
 */
final class Glare {
  private final Turn turn;
  private final Call ringing;

  /**
   * @param turn of the call that came first and still rings
   */
  Glare(Turn turn) {
    this.turn = turn;
    this.ringing = turn.call();
  }

  /** The callee of the ringing call calls its caller. */
  Step with(CallEvent.Offers offers) {
    boolean laterStays = offers.named() && offers.callId().compareTo(ringing.id()) < 0;
    return laterStays ? laterStays(offers) : earlierStays(offers);
  }

  private Step earlierStays(CallEvent.Offers offers) {
    Device by = offers.by();
    var answered =
        ringing
            .withAnswerer(Seat.of(by))
            .withRinger(new Ringer(by, false, false))
            .withOffer(Optional.empty(), List.of());
    // Whoever calls back by the same callId means the same call.
    var known =
        offers.callId().equals(ringing.id()) ? answered : answered.withFormerId(offers.callId());
    turn.save(known.withState(BeforeAnswer.answeredState(turn, known)));
    turn.tell(
        ringing.caller().device(), new CallMessage.Answered(ringing.id(), by, Optional.empty()));
    tellOtherRingers(by);
    BeforeAnswer.tellOfWhoCalled(turn, ringing.caller(), by);
    return turn.done();
  }

  private Step laterStays(CallEvent.Offers offers) {
    Device by = offers.by();
    Seat former = ringing.caller();
    Device answering = former.device();
    var merged =
        new Call(
            offers.callId(),
            Optional.of(ringing.id()),
            offers.circle(),
            offers.media(),
            ringing.offeredAt(),
            ringing.state(),
            Seat.of(by),
            answering.user(),
            Map.of(answering.id(), new Ringer(answering, false, false)),
            Optional.of(former),
            Optional.empty(),
            List.of(),
            ringing.relay(),
            ringing.milestones(),
            ringing.takenUp());
    var call = merged.withState(BeforeAnswer.answeredState(turn, merged));
    turn.saveInsteadOf(ringing.id(), call);
    turn.tell(by, replaced(ringing.id(), call.id()));
    turn.tell(by, new CallMessage.Answered(call.id(), answering, Optional.empty()));
    BeforeAnswer.tellOfWhoCalled(turn, former, by);
    tellOtherRingers(by);
    turn.tell(answering, replaced(ringing.id(), call.id()));
    turn.tell(answering, inPlaceOf(ringing.id(), call, offers.offer()));
    return turn.done();
  }

  /** What a device hears whose call became another: that it is gone... */
  static CallMessage replaced(CallId former, CallId by) {
    return new CallMessage.Ended(
        former, Reason.REPLACED, Optional.empty(), Optional.empty(), Optional.of(by));
  }

  /** ...and the one that took its place, which does not ring. */
  static CallMessage inPlaceOf(CallId former, Call call, Optional<SessionDescription> offer) {
    return new CallMessage.Offered(
        call.id(),
        call.caller().device(),
        call.circle(),
        call.media(),
        offer,
        call.state(),
        Duration.ZERO,
        Optional.of(former),
        call.relay());
  }

  private void tellOtherRingers(Device by) {
    ringing.ringers().values().stream()
        .map(Ringer::device)
        .filter(device -> !device.at().equals(by.at()))
        .forEach(device -> turn.tell(device, new CallMessage.Elsewhere(ringing.id(), true, by)));
  }
}
