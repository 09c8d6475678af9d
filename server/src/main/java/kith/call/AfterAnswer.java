package kith.call;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import kith.call.Call.Ringer;
import kith.call.CallState.Active;
import kith.call.CallState.Answered;
import kith.call.CallState.Connecting;
import kith.call.CallState.Reconnecting;

/** A call that two devices are in. */
final class AfterAnswer {
  private final Turn turn;
  private final Call call;
  private final Answered state;
  private final Seat answerer;

  AfterAnswer(Turn turn, Answered state) {
    this.turn = turn;
    this.call = turn.call();
    this.state = state;
    this.answerer = call.answerer().orElseThrow();
  }

  Step on(CallEvent event) {
    return switch (event) {
      case CallEvent.Offers offers -> offers(offers);
      case CallEvent.Rings rings -> call.isAnswerer(rings.by()) ? turn.done() : notSeated(rings);
      case CallEvent.Answers answers -> answersAgain(answers);
      case CallEvent.Declines declines -> declines(declines);
      case CallEvent.HangsUp hangsUp -> isSeated(hangsUp) ? hangsUp(hangsUp) : notSeated(hangsUp);
      case CallEvent.Describes describes ->
          isSeated(describes) ? describes(describes) : notSeated(describes);
      case CallEvent.Trickles trickles ->
          isSeated(trickles) ? trickles(trickles) : notSeated(trickles);
      case CallEvent.Shows shows -> isSeated(shows) ? shows(shows) : notSeated(shows);
      case CallEvent.Holds holds -> isSeated(holds) ? holds(holds) : notSeated(holds);
      case CallEvent.Connects connects -> isSeated(connects) ? connected() : notSeated(connects);
      case CallEvent.Reports reports -> isSeated(reports) ? reports(reports) : notSeated(reports);
      case CallEvent.Resumes resumes -> isSeated(resumes) ? resumes(resumes) : notSeated(resumes);
      case CallEvent.Leaves leaves -> isSeated(leaves) ? leaves(leaves.by()) : notSeated(leaves);
      // A device takes its seat again by resuming, not by being there.
      case CallEvent.DeviceCame came -> turn.done();
      case CallEvent.DeviceWent went -> deviceWent(went.device());
      case CallEvent.FreeAgain free -> turn.done();
      case CallEvent.TimePassed passed -> timePassed();
      case CallEvent.LeftCircle left -> leftCircle(left);
      case CallEvent.NoLongerWaits alone -> turn.done();
      case CallEvent.ServerFailed failed -> endFor(Reason.SERVER_ERROR);
    };
  }

  /** One of the two calls someone while in this call. */
  private Step offers(CallEvent.Offers offers) {
    boolean again =
        !offers.named() && offers.to().equals(call.peerOf(offers.by().user()))
            || call.goesBy(offers.callId());
    if (isSeated(offers) && again) {
      return offersAgain(offers);
    }
    if (isSeated(offers) || seatOfUser(offers.by()).isAway()) {
      turn.end(Reason.REPLACED, Optional.of(offers.by().user()), Optional.empty());
      return turn.outOfTheWay();
    }
    return turn.refused(ErrorCode.BUSY, "you are in another call");
  }

  /** A client that knows no {@code call-description} negotiates anew by offering again. */
  private Step offersAgain(CallEvent.Offers offers) {
    if (call.isCaller(offers.by()) && offers.offer().isPresent()) {
      turn.tell(
          answerer.device(),
          new CallMessage.Offered(
              call.id(),
              offers.by(),
              call.circle(),
              call.media(),
              offers.offer(),
              state,
              Duration.ZERO,
              Optional.empty(),
              call.relay()));
    }
    return turn.done();
  }

  private Step answersAgain(CallEvent.Answers answers) {
    if (!answers.by().user().equals(call.callee())) {
      return turn.refused(ErrorCode.FORBIDDEN, "only who is called can do this");
    }
    if (!call.isAnswerer(answers.by())) {
      return notSeated(answers);
    }
    if (answers.answer().isPresent()) {
      turn.become(call.withRinger(new Ringer(answers.by(), false, true)));
      turn.tell(
          call.caller().device(),
          new CallMessage.Answered(call.id(), answers.by(), answers.answer()));
    }
    return turn.done();
  }

  private Step declines(CallEvent.Declines declines) {
    if (!declines.by().user().equals(call.callee())) {
      return turn.refused(ErrorCode.FORBIDDEN, "only who is called can do this");
    }
    return turn.refused(ErrorCode.CONFLICT, "the call is answered already");
  }

  private Step hangsUp(CallEvent.HangsUp hangsUp) {
    Reason reason =
        hangsUp
            .because()
            .filter(because -> because != Reason.CONNECT_FAILED || state.connectedAt().isEmpty())
            .orElse(Reason.COMPLETED);
    turn.end(reason, Optional.of(hangsUp.by().user()), Optional.of(hangsUp.by()));
    return turn.done();
  }

  private Step describes(CallEvent.Describes describes) {
    Device peer = peerOf(describes.by()).device();
    if (!describes.to().equals(peer.id())) {
      return noLongerOrNever(describes.by(), describes.to());
    }
    if (!describes.callId().equals(call.id())) {
      return turn.done();
    }
    if (describes.description().isAnswer()) {
      turn.become(call.withRinger(new Ringer(answerer.device(), false, true)));
    }
    turn.tell(peer, new CallMessage.Described(call.id(), describes.by(), describes.description()));
    return turn.done();
  }

  private Step trickles(CallEvent.Trickles trickles) {
    Device peer = peerOf(trickles.by()).device();
    if (trickles.to().filter(to -> !to.equals(peer.id())).isPresent()) {
      return noLongerOrNever(trickles.by(), trickles.to().get());
    }
    if (trickles.callId().equals(call.id())) {
      turn.tell(peer, new CallMessage.Trickled(call.id(), trickles.by(), trickles.candidates()));
    }
    return turn.done();
  }

  /** Meant for a device that rang and was not the one to answer: too late, but no forgery. */
  private Step noLongerOrNever(Device by, DeviceId to) {
    return call.isCaller(by) && (call.takenUp() || call.ringers().containsKey(to))
        ? turn.done()
        : turn.refused(ErrorCode.FORBIDDEN, "no such device in this call");
  }

  private Step shows(CallEvent.Shows shows) {
    Device peer = peerOf(shows.by()).device();
    become(shows.by(), seatOf(shows.by()).showing(shows.media()));
    turn.tell(peer, new CallMessage.Shows(call.id(), shows.by(), shows.media()));
    return turn.done();
  }

  private Step holds(CallEvent.Holds holds) {
    Seat seat = seatOf(holds.by());
    if (seat.held() != holds.held()) {
      become(holds.by(), seat.holding(holds.held()));
      turn.save(turn.call());
      turn.tell(
          peerOf(holds.by()).device(), new CallMessage.Held(call.id(), holds.by(), holds.held()));
    }
    return turn.done();
  }

  private Step connected() {
    Optional<Answered> next =
        switch (state) {
          case Connecting connecting -> Optional.of(new Active(state.answeredAt(), turn.now));
          case Reconnecting reconnecting ->
              reconnecting.connectedAt().isPresent()
                  ? Optional.empty()
                  : Optional.of(new Reconnecting(state.answeredAt(), Optional.of(turn.now)));
          case Active active -> Optional.empty();
        };
    next.ifPresent(connected -> turn.save(call.withState(connected)));
    return turn.done();
  }

  /** Who can tell of quality has a connection. */
  private Step reports(CallEvent.Reports reports) {
    become(reports.by(), seatOf(reports.by()).reporting(reports.quality()));
    return new AfterAnswer(turn, state).connected();
  }

  private Step resumes(CallEvent.Resumes resumes) {
    boolean wasAway = seatOf(resumes.by()).isAway();
    become(resumes.by(), seatOf(resumes.by()).back(resumes.by()));
    if (state instanceof Reconnecting && nobodyAway(turn.call())) {
      Answered next =
          state.connectedAt().isPresent()
              ? new Active(state.answeredAt(), state.connectedAt().get())
              : turn.connecting(state.answeredAt());
      turn.become(turn.call().withState(next));
    }
    turn.tell(resumes.by(), CallMessage.Snapshot.of(turn.call(), resumes.by()));
    if (call.isAnswerer(resumes.by()) && !resumes.callId().equals(call.id())) {
      // It has not heard that its call became one with the other's.
      turn.tell(resumes.by(), Glare.replaced(resumes.callId(), call.id()));
      turn.tell(resumes.by(), Glare.inPlaceOf(resumes.callId(), turn.call(), Optional.empty()));
    }
    turn.replay(resumes.by().at(), resumes.received());
    if (wasAway) {
      turn.tell(peerOf(resumes.by()).device(), new CallMessage.PeerConnection(call.id(), true));
    }
    return turn.done();
  }

  private Step leaves(Device by) {
    become(by, seatOf(by).aboutToLeave());
    return turn.done();
  }

  /** A page that went away and was not loaded anew was closed: that is how its user hung up. */
  private Step lost(Seat seat) {
    if (!seat.leaving()) {
      return endFor(Reason.CONNECTION_LOST);
    }
    turn.end(Reason.COMPLETED, Optional.of(seat.device().user()), Optional.empty());
    return turn.done();
  }

  private Step deviceWent(Endpoint at) {
    Optional<Seat> went =
        Stream.of(call.caller(), answerer)
            .filter(seat -> seat.device().at().equals(at) && !seat.isAway())
            .findFirst();
    went.ifPresent(
        seat -> {
          become(seat.device(), seat.away(turn.now));
          turn.become(
              turn.call().withState(new Reconnecting(state.answeredAt(), state.connectedAt())));
          turn.hold(at);
          turn.tell(
              peerOf(seat.device()).device(), new CallMessage.PeerConnection(call.id(), false));
        });
    return turn.done();
  }

  private Step timePassed() {
    return switch (state) {
      case Connecting connecting ->
          turn.now.isBefore(connecting.failsAt()) ? turn.done() : connectTimePassed();
      case Active active -> turn.done();
      case Reconnecting reconnecting ->
          Stream.of(call.caller(), answerer)
              .filter(seat -> seat.isLost(turn.now, turn.settings))
              .findFirst()
              .map(this::lost)
              .orElseGet(turn::done);
    };
  }

  /**
   * Nobody said that media flows. Clients that would have said so have none. Of clients that never
   * do, it is known only that they cannot talk without an SDP offer and answer.
   */
  private Step connectTimePassed() {
    boolean wouldHaveSaidSo =
        call.caller().device().reportsConnected() || answerer.device().reportsConnected();
    return wouldHaveSaidSo || !call.isNegotiated() ? endFor(Reason.CONNECT_FAILED) : connected();
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

  private boolean isSeated(CallEvent.FromDevice said) {
    return call.isSeated(said.by());
  }

  private Seat seatOf(Device device) {
    return call.isCaller(device) ? call.caller() : answerer;
  }

  private Seat seatOfUser(Device device) {
    return device.user().equals(call.callee()) ? answerer : call.caller();
  }

  private Seat peerOf(Device device) {
    return call.isCaller(device) ? answerer : call.caller();
  }

  private void become(Device device, Seat seat) {
    turn.become(
        call.isCaller(device) ? turn.call().withCaller(seat) : turn.call().withAnswerer(seat));
  }

  private static boolean nobodyAway(Call call) {
    return !call.caller().isAway() && call.answerer().filter(Seat::isAway).isEmpty();
  }

  private Step notSeated(CallEvent.FromDevice said) {
    return said.by().user().equals(call.callee())
        ? turn.refused(ErrorCode.CONFLICT, "the call was answered on another device")
        : turn.refused(ErrorCode.FORBIDDEN, "no such device in this call");
  }
}
