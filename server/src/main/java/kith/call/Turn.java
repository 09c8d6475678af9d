package kith.call;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import kith.auth.UserId;
import kith.call.CallState.Answered;
import kith.call.CallState.Connecting;
import kith.call.CallState.Ended;
import kith.call.CallState.Unanswered;

/** One event being worked on: collects what becomes of the call. */
final class Turn {
  final Instant now;
  final CallSettings settings;
  private final List<CallCommand> commands = new ArrayList<>();
  private Call call;

  Turn(Call call, Instant now, CallSettings settings) {
    this.call = call;
    this.now = now;
    this.settings = settings;
  }

  Call call() {
    return call;
  }

  /** The call changed in a way that need not be written down. */
  void become(Call next) {
    call = next.after(call, now);
  }

  void save(Call next) {
    become(next);
    commands.add(new CallCommand.Save(call));
  }

  void saveInsteadOf(CallId former, Call next) {
    become(next);
    commands.add(new CallCommand.SaveInsteadOf(former, call));
  }

  /** All that one side hears of the other goes by here: addresses it may not have are taken out. */
  void tell(Device to, CallMessage message) {
    (call.hidesAddresses() ? WithoutAddresses.of(message) : Optional.of(message))
        .ifPresent(told -> commands.add(new CallCommand.Tell(to.at(), told)));
  }

  void tellRingers(CallMessage message) {
    call.ringers().values().forEach(ringer -> tell(ringer.device(), message));
  }

  void tellRingers(Function<Device, CallMessage> message) {
    ringing().forEach(device -> tell(device, message.apply(device)));
  }

  void hold(Endpoint device) {
    commands.add(new CallCommand.Hold(device));
  }

  void forget(Endpoint device) {
    commands.add(new CallCommand.Forget(device));
  }

  void dismiss(Endpoint device) {
    commands.add(new CallCommand.Dismiss(device));
  }

  void replay(Endpoint device, OptionalLong received) {
    commands.add(new CallCommand.Replay(device, received));
  }

  Step done() {
    return new Step(call, new Reply.Done(call), commands);
  }

  Step refused(ErrorCode code, String message) {
    return new Step(call, new Reply.Refused(code, message), commands);
  }

  Step outOfTheWay() {
    return new Step(call, new Reply.OutOfTheWay(), commands);
  }

  /** Ends the call and tells every device in it but the one that ended it. */
  void end(Reason reason, Optional<UserId> by, Optional<Device> endedOn) {
    CallState before = call.state();
    boolean answered = before instanceof Answered;
    save(call.withState(ended(before, reason, by)));
    var message = ended(reason, by);
    if (endedOn.filter(call::isCaller).isEmpty()) {
      tell(call.caller().device(), message);
    }
    for (Device device : answered ? answerer() : ringing()) {
      if (endedOn.filter(it -> it.at().equals(device.at())).isEmpty()) {
        tell(device, message);
      }
    }
  }

  CallMessage.Ended ended(Reason reason, Optional<UserId> by) {
    return new CallMessage.Ended(call.id(), reason, by, call.duration(), Optional.empty());
  }

  Ended ended(CallState before, Reason reason, Optional<UserId> by) {
    return switch (before) {
      case Answered answered ->
          new Ended(reason, by, now, Optional.of(answered.answeredAt()), answered.connectedAt());
      case Unanswered unanswered -> new Ended(reason, by, now, Optional.empty(), Optional.empty());
      case Ended ended -> ended;
    };
  }

  Connecting connecting(Instant answeredAt) {
    return new Connecting(answeredAt, now.plus(settings.connect()));
  }

  private List<Device> ringing() {
    return call.ringers().values().stream().map(Call.Ringer::device).toList();
  }

  private List<Device> answerer() {
    return call.answerer().stream().map(Seat::device).toList();
  }
}
