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
            ringing.milestones());
    var call = merged.withState(BeforeAnswer.answeredState(turn, merged));
    turn.saveInsteadOf(ringing.id(), call);
    turn.tell(by, replaced(call.id()));
    turn.tell(by, new CallMessage.Answered(call.id(), answering, Optional.empty()));
    BeforeAnswer.tellOfWhoCalled(turn, former, by);
    tellOtherRingers(by);
    turn.tell(answering, replaced(call.id()));
    turn.tell(answering, incoming(call, offers));
    return turn.done();
  }

  private CallMessage incoming(Call call, CallEvent.Offers offers) {
    return new CallMessage.Offered(
        call.id(),
        offers.by(),
        call.circle(),
        call.media(),
        offers.offer(),
        call.state(),
        Duration.ZERO,
        Optional.of(ringing.id()),
        call.relay());
  }

  private CallMessage replaced(CallId by) {
    return new CallMessage.Ended(
        ringing.id(), Reason.REPLACED, Optional.empty(), Optional.empty(), Optional.of(by));
  }

  private void tellOtherRingers(Device by) {
    ringing.ringers().values().stream()
        .map(Ringer::device)
        .filter(device -> !device.at().equals(by.at()))
        .forEach(
            device -> turn.tell(device, new CallMessage.Elsewhere(ringing.id(), true, by.id())));
  }
}
