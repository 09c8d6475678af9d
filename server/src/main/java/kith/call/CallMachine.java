package kith.call;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kith.call.CallState.Answered;
import kith.call.CallState.Ended;
import kith.call.CallState.Offered;
import kith.call.CallState.Unanswered;

/**
 * The rules of a call: what becomes of it when something happens, and what is to be done about it.
 * Pure: it keeps nothing, and knows the time only as it is told.
 */
public final class CallMachine {
  private final CallSettings settings;

  public CallMachine(CallSettings settings) {
    this.settings = settings;
  }

  /** What the callee is doing when someone calls. */
  public enum Callee {
    FREE,
    /** In a call, on a device that lets another one wait. */
    TALKING,
    /** In another call, or being called by someone else. */
    BUSY
  }

  /**
   * A call begins; it ends at once if the callee is busy or has no connected device.
   *
   * @param devices where it rings: if the callee is talking, the device they talk on
   */
  public Step begin(CallEvent.Offers offers, Callee callee, List<Device> devices, Instant now) {
    boolean waiting = callee == Callee.TALKING;
    var state = new Offered(now.plus(settings.ring(waiting)), waiting);
    var call =
        new Call(
            offers.callId(),
            Optional.empty(),
            offers.circle(),
            offers.media(),
            now,
            state,
            Seat.of(offers.by()),
            offers.to(),
            callee == Callee.BUSY ? Map.of() : ringers(devices),
            Optional.empty(),
            offers.offer(),
            List.of(),
            offers.relay(),
            Milestones.NONE,
            false);
    var turn = new Turn(call, now, settings);
    if (callee == Callee.BUSY || devices.isEmpty()) {
      turn.end(
          callee == Callee.BUSY ? Reason.BUSY : Reason.UNREACHABLE,
          Optional.empty(),
          Optional.empty());
      return turn.done();
    }
    turn.save(call);
    turn.tellRingers(BeforeAnswer.incoming(call, state, now));
    return turn.done();
  }

  private static Map<DeviceId, Call.Ringer> ringers(List<Device> devices) {
    var ringers = new LinkedHashMap<DeviceId, Call.Ringer>();
    devices.forEach(device -> ringers.put(device.id(), new Call.Ringer(device, false, false)));
    return ringers;
  }

  /**
   * What was due by now comes first, whatever the event: an answer after the ring time is late.
   *
   * @param others what else is running of the calls of whoever did this
   */
  public Step on(Call call, CallEvent event, List<Call> others, Instant now) {
    var commands = new ArrayList<CallCommand>();
    Call current = call;
    while (current.deadline(settings).filter(due -> !now.isBefore(due)).isPresent()) {
      Step step = inPhase(current, new CallEvent.TimePassed(), now);
      commands.addAll(step.commands());
      current = step.call();
    }
    Step step =
        CallWaiting.wouldTalkTwice(current, event, others)
            ? new Turn(current, now, settings)
                .refused(ErrorCode.CONFLICT, "hold or end the call you talk in first")
            : inPhase(current, event, now);
    commands.addAll(step.commands());
    return new Step(step.call(), step.reply(), commands);
  }

  private Step inPhase(Call call, CallEvent event, Instant now) {
    var turn = new Turn(call, now, settings);
    if (event instanceof CallEvent.FromDevice said && !call.isParty(said.by().user())) {
      return turn.refused(ErrorCode.FORBIDDEN, "this call is not yours");
    }
    if (event instanceof CallEvent.Offers offers && isForSomebodyElse(call, offers)) {
      return turn.refused(ErrorCode.CONFLICT, "this callId is of a call with somebody else");
    }
    return switch (call.state()) {
      case Unanswered state -> new BeforeAnswer(turn, state).on(event);
      case Answered state -> new AfterAnswer(turn, state).on(event);
      case Ended state -> AfterEnd.on(turn, event);
    };
  }

  private static boolean isForSomebodyElse(Call call, CallEvent.Offers offers) {
    return call.goesBy(offers.callId()) && !offers.to().equals(call.peerOf(offers.by().user()));
  }
}
