package kith.call;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import kith.auth.UserId;
import kith.call.Call.Ringer;
import kith.call.CallState.Answered;
import kith.call.CallState.Offered;
import kith.call.CallState.Reconnecting;
import kith.call.CallState.Ringing;
import kith.call.CallState.Unanswered;

/** A call that nobody has taken yet. */
final class BeforeAnswer {
  /** Each time a device comes while it rings, and when its page was loaded anew, it says so. */
  private static final int MAX_RINGS = 8;

  private final Turn turn;
  private final Call call;
  private final Unanswered state;

  BeforeAnswer(Turn turn, Unanswered state) {
    this.turn = turn;
    this.call = turn.call();
    this.state = state;
  }

  Step on(CallEvent event) {
    return switch (event) {
      case CallEvent.Offers offers -> offers(offers);
      case CallEvent.Rings rings -> ofCallee(rings, () -> rings(rings));
      case CallEvent.Answers answers ->
          ofCallee(answers, () -> answers(answers.by(), answers.answer()));
      case CallEvent.Declines declines ->
          ofCallee(
              declines,
              () -> declined(declines.by(), declines.busy() ? Reason.BUSY : Reason.DECLINED));
      case CallEvent.HangsUp hangsUp -> hangsUp(hangsUp);
      case CallEvent.Describes describes -> describes(describes);
      case CallEvent.Trickles trickles -> trickles(trickles);
      case CallEvent.Shows shows -> shows(shows);
      case CallEvent.Holds holds -> notAnswered();
      case CallEvent.Connects connects -> notAnswered();
      case CallEvent.Reports reports -> notAnswered();
      case CallEvent.Resumes resumes -> resumes(resumes);
      case CallEvent.Leaves leaves -> leaves(leaves);
      case CallEvent.DeviceCame came -> deviceCame(came.device());
      case CallEvent.DeviceWent went -> deviceWent(went.device());
      case CallEvent.FreeAgain free -> freeAgain(free.device());
      case CallEvent.TimePassed passed -> timePassed();
      case CallEvent.LeftCircle left -> leftCircle(left);
      case CallEvent.NoLongerWaits alone -> noLongerWaits(alone.callee());
      case CallEvent.ServerFailed failed -> endFor(Reason.SERVER_ERROR);
    };
  }

  /** The caller or the callee calls someone while this call rings. */
  private Step offers(CallEvent.Offers offers) {
    if (fromCallee(offers)) {
      return offers.to().equals(call.caller().device().user())
          ? glare(offers)
          : turn.refused(ErrorCode.BUSY, "someone is calling you");
    }
    boolean again = !offers.named() && offers.to().equals(call.callee());
    if (call.isCaller(offers.by()) && (again || call.goesBy(offers.callId()))) {
      return offersAgain(offers);
    }
    if (call.isCaller(offers.by()) || call.caller().isAway()) {
      turn.end(Reason.REPLACED, Optional.of(offers.by().user()), Optional.empty());
      return turn.outOfTheWay();
    }
    return turn.refused(ErrorCode.BUSY, "you are in another call");
  }

  private Step glare(CallEvent.Offers offers) {
    return waitsElsewhere(offers.by())
        ? turn.refused(ErrorCode.BUSY, "you are in another call")
        : new Glare(turn).with(offers);
  }

  /** A client that began its connection anew, or did not get the first acknowledgement. */
  private Step offersAgain(CallEvent.Offers offers) {
    if (offers.offer().isPresent() && !offers.offer().equals(call.offer())) {
      turn.become(call.withOffer(offers.offer(), List.of()));
      turn.tellRingers(incoming(turn.call(), state, turn.now));
    }
    return turn.done();
  }

  static CallMessage.Offered incoming(Call call, Unanswered state, Instant now) {
    return new CallMessage.Offered(
        call.id(),
        call.caller().device(),
        call.circle(),
        call.media(),
        call.offer(),
        state,
        Duration.between(now, state.expiresAt()),
        Optional.empty(),
        call.relay());
  }

  /** For each time it says so, the caller may begin a connection with it. */
  private Step rings(CallEvent.Rings rings) {
    Ringer ringer = call.ringers().get(rings.by().id());
    if (ringer == null) {
      return notThisDevice();
    }
    if (ringer.rang() >= MAX_RINGS) {
      return turn.refused(
          ErrorCode.RATE_LIMITED, "this device has said often enough that it rings");
    }
    turn.become(call.withRinger(ringer.rings()));
    if (state instanceof Offered offered) {
      turn.become(turn.call().withState(new Ringing(offered.expiresAt(), offered.waiting())));
    }
    turn.tell(
        call.caller().device(), new CallMessage.Rings(call.id(), rings.by(), state.waiting()));
    return turn.done();
  }

  /** From now on it rings as any call does, where it waited. */
  private Step noLongerWaits(UserId callee) {
    if (!state.waiting() || !callee.equals(call.callee())) {
      return turn.done();
    }
    var expiresAt = call.offeredAt().plus(turn.settings.ring());
    Unanswered alone =
        switch (state) {
          case Offered offered -> new Offered(expiresAt, false);
          case Ringing ringing -> new Ringing(expiresAt, false);
        };
    turn.save(call.withState(alone));
    Device caller = call.caller().device();
    turn.tell(caller, CallMessage.Snapshot.of(turn.call(), caller));
    turn.tellRingers(ringer -> CallMessage.Snapshot.of(turn.call(), ringer));
    return turn.done();
  }

  private Step answers(Device by, Optional<SessionDescription> answer) {
    Ringer ringer =
        Optional.ofNullable(call.ringers().get(by.id())).orElse(new Ringer(by, false, false));
    var answered =
        call.withAnswerer(Seat.of(by))
            .withRinger(new Ringer(by, false, ringer.negotiated() || answer.isPresent()))
            .withOffer(Optional.empty(), List.of());
    turn.save(answered.withState(answeredState(turn, answered)));
    turn.tell(call.caller().device(), new CallMessage.Answered(call.id(), by, answer));
    tellOtherRingers(by, true);
    tellOfWhoCalled(turn, call.caller(), by);
    return turn.done();
  }

  /** What the one who takes a call has to know of the one who made it. */
  static void tellOfWhoCalled(Turn turn, Seat caller, Device by) {
    CallId id = turn.call().id();
    caller
        .shows()
        .ifPresent(media -> turn.tell(by, new CallMessage.Shows(id, caller.device(), media)));
    if (caller.isAway()) {
      turn.tell(by, new CallMessage.PeerConnection(id, false));
    }
  }

  static Answered answeredState(Turn turn, Call answered) {
    boolean away =
        answered.caller().isAway() || answered.answerer().filter(Seat::isAway).isPresent();
    return away ? new Reconnecting(turn.now, Optional.empty()) : turn.connecting(turn.now);
  }

  private void tellOtherRingers(Device by, boolean answered) {
    call.ringers().values().stream()
        .filter(ringer -> !ringer.device().at().equals(by.at()))
        .forEach(
            ringer ->
                turn.tell(ringer.device(), new CallMessage.Elsewhere(call.id(), answered, by)));
  }

  private Step declined(Device by, Reason reason) {
    turn.save(call.withState(turn.ended(state, reason, Optional.of(by.user()))));
    turn.tell(call.caller().device(), new CallMessage.Declined(call.id(), by));
    turn.tell(call.caller().device(), turn.ended(reason, Optional.of(by.user())));
    tellOtherRingers(by, false);
    return turn.done();
  }

  private Step hangsUp(CallEvent.HangsUp hangsUp) {
    Device by = hangsUp.by();
    if (fromCallee(hangsUp)) {
      return ofCallee(hangsUp, () -> endsOf(hangsUp));
    }
    if (!call.isCaller(by)) {
      return notThisDevice();
    }
    turn.end(Reason.CANCELLED, Optional.of(by.user()), Optional.of(by));
    return turn.done();
  }

  /** Who took the call and finds no way to connect never gets to say so by an answer. */
  private Step endsOf(CallEvent.HangsUp hangsUp) {
    Device by = hangsUp.by();
    if (hangsUp.because().isEmpty()) {
      return declined(by, Reason.DECLINED);
    }
    turn.end(hangsUp.because().get(), Optional.of(by.user()), Optional.of(by));
    return turn.done();
  }

  private Step describes(CallEvent.Describes describes) {
    boolean fromCallee = fromCallee(describes);
    Ringer ringer = call.ringers().get(fromCallee ? describes.by().id() : describes.to());
    boolean between =
        fromCallee
            ? describes.to().equals(call.caller().device().id())
            : call.isCaller(describes.by());
    if (ringer == null || !between) {
      return isNotBackYet(describes) ? turn.done() : notThisDevice();
    }
    if (describes.description().isAnswer()) {
      turn.become(call.withRinger(ringer.negotiates()));
    }
    turn.tell(
        fromCallee ? call.caller().device() : ringer.device(),
        new CallMessage.Described(call.id(), describes.by(), describes.description()));
    return turn.done();
  }

  /** What a caller means for a device that rang before the server began is no forgery. */
  private boolean isNotBackYet(CallEvent.Describes describes) {
    return call.takenUp() && call.isCaller(describes.by());
  }

  private Step trickles(CallEvent.Trickles trickles) {
    var message = new CallMessage.Trickled(call.id(), trickles.by(), trickles.candidates());
    if (fromCallee(trickles)) {
      DeviceId caller = call.caller().device().id();
      if (waitsElsewhere(trickles.by())
          || trickles.to().filter(to -> !to.equals(caller)).isPresent()) {
        return notThisDevice();
      }
      turn.tell(call.caller().device(), message);
      return turn.done();
    }
    if (!call.isCaller(trickles.by())) {
      return notThisDevice();
    }
    return trickles.to().map(to -> trickles(to, message)).orElseGet(() -> tricklesToAll(message));
  }

  private Step trickles(DeviceId to, CallMessage.Trickled message) {
    Ringer ringer = call.ringers().get(to);
    if (ringer == null) {
      return call.takenUp() ? turn.done() : notThisDevice();
    }
    turn.tell(ringer.device(), message);
    return turn.done();
  }

  private Step tricklesToAll(CallMessage.Trickled message) {
    keepForLater(message.candidates());
    turn.tellRingers(message);
    return turn.done();
  }

  private void keepForLater(List<IceCandidate> candidates) {
    var all = new ArrayList<>(call.trickled());
    candidates.stream().limit(Call.MAX_TRICKLED - (long) all.size()).forEach(all::add);
    turn.become(call.withOffer(call.offer(), all));
  }

  /** What the caller will send; the callee's device hears it when it answers. */
  private Step shows(CallEvent.Shows shows) {
    if (fromCallee(shows)) {
      return notAnswered();
    }
    if (!call.isCaller(shows.by())) {
      return notThisDevice();
    }
    turn.become(call.withCaller(call.caller().showing(shows.media())));
    return turn.done();
  }

  private Step resumes(CallEvent.Resumes resumes) {
    if (call.isCaller(resumes.by())) {
      turn.become(call.withCaller(call.caller().back(resumes.by())));
      turn.tell(resumes.by(), CallMessage.Snapshot.of(turn.call(), resumes.by()));
      turn.replay(resumes.by().at(), resumes.received());
      return turn.done();
    }
    if (fromCallee(resumes) && !waitsElsewhere(resumes.by())) {
      turn.tell(resumes.by(), CallMessage.Snapshot.of(call, resumes.by()));
      turn.replay(resumes.by().at(), resumes.received());
      return turn.done();
    }
    return notThisDevice();
  }

  /** A device of the callee that comes while it rings, be it new or back, rings from its start. */
  private Step deviceCame(Device device) {
    Ringer known = call.ringers().get(device.id());
    if (!device.user().equals(call.callee())
        || waitsElsewhere(device)
        || (known != null && !known.away())) {
      return turn.done();
    }
    if (known == null && call.ringers().size() >= Call.MAX_RINGERS) {
      return inPlaceOfOneThatWent(device);
    }
    return ringsFromItsStart(device);
  }

  /** A user may come with ever other devices; the call keeps no more of them. */
  private Step inPlaceOfOneThatWent(Device device) {
    Optional<Device> gone =
        call.ringers().values().stream().filter(Ringer::away).map(Ringer::device).findFirst();
    if (gone.isEmpty()) {
      return turn.done();
    }
    turn.become(call.withoutRinger(gone.get().id()));
    turn.dismiss(gone.get().at());
    return ringsFromItsStart(device);
  }

  private Step freeAgain(Device device) {
    Ringer known = call.ringers().get(device.id());
    boolean ringsThere = known != null && !known.away() && known.device().at().equals(device.at());
    return ringsThere ? ringsFromItsStart(device) : turn.done();
  }

  private Step ringsFromItsStart(Device device) {
    Ringer before =
        Optional.ofNullable(call.ringers().get(device.id()))
            .orElse(new Ringer(device, false, false));
    turn.become(turn.call().withRinger(before.comes(device)));
    turn.forget(device.at());
    turn.tell(device, incoming(call, state, turn.now));
    if (!call.trickled().isEmpty()) {
      turn.tell(
          device, new CallMessage.Trickled(call.id(), call.caller().device(), call.trickled()));
    }
    return turn.done();
  }

  private Step deviceWent(Endpoint device) {
    if (call.caller().device().at().equals(device)) {
      turn.become(call.withCaller(call.caller().away(turn.now)));
      turn.hold(device);
    } else if (device.user().equals(call.callee())) {
      Ringer ringer = call.ringers().get(device.device());
      if (ringer != null) {
        turn.become(call.withRinger(ringer.goes()));
      }
    }
    return turn.done();
  }

  private Step timePassed() {
    if (!turn.now.isBefore(state.expiresAt())) {
      return endFor(state.waiting() ? Reason.BUSY : Reason.NO_ANSWER);
    }
    Seat caller = call.caller();
    if (!caller.isLost(turn.now, turn.settings)) {
      return turn.done();
    }
    if (!caller.leaving()) {
      return endFor(Reason.CONNECTION_LOST);
    }
    turn.end(Reason.CANCELLED, Optional.of(caller.device().user()), Optional.empty());
    return turn.done();
  }

  /** The callee's devices go and come as they like while it rings. */
  private Step leaves(CallEvent.Leaves leaves) {
    if (fromCallee(leaves)) {
      return turn.done();
    }
    if (!call.isCaller(leaves.by())) {
      return notThisDevice();
    }
    turn.become(call.withCaller(call.caller().aboutToLeave()));
    return turn.done();
  }

  private Step leftCircle(CallEvent.LeftCircle left) {
    return left.circle().equals(call.circle()) && call.isParty(left.user())
        ? endFor(Reason.REMOVED_FROM_CIRCLE)
        : turn.done();
  }

  private Step endFor(Reason reason) {
    turn.end(reason, Optional.empty(), Optional.empty());
    return turn.done();
  }

  private boolean fromCallee(CallEvent.FromDevice said) {
    return said.by().user().equals(call.callee());
  }

  private Step ofCallee(CallEvent.FromDevice said, Supplier<Step> step) {
    if (!fromCallee(said)) {
      return turn.refused(ErrorCode.FORBIDDEN, "only who is called can do this");
    }
    return waitsElsewhere(said.by()) ? notThisDevice() : step.get();
  }

  /** A call that waits is for the device its callee talks on. */
  private boolean waitsElsewhere(Device device) {
    return state.waiting() && !call.ringers().containsKey(device.id());
  }

  private Step notThisDevice() {
    return turn.refused(ErrorCode.FORBIDDEN, "no such device in this call");
  }

  private Step notAnswered() {
    return turn.refused(ErrorCode.CONFLICT, "the call is not answered yet");
  }
}
