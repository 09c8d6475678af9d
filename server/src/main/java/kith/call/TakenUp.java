package kith.call;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A call that was answered before the server started: what it told of that may have been lost with
 * it. It is told to who comes back; who had heard it does not mind.
 */
final class TakenUp {
  private TakenUp() {}

  static List<CallCommand.Tell> again(Call call) {
    var again = new ArrayList<CallCommand.Tell>();
    call.answerer().ifPresent(answerer -> tell(again, call, answerer.device()));
    return again;
  }

  private static void tell(List<CallCommand.Tell> again, Call call, Device answerer) {
    Device caller = call.caller().device();
    call.formerId()
        .ifPresent(
            former -> {
              again.add(new CallCommand.Tell(answerer.at(), replaced(former, call.id())));
              again.add(new CallCommand.Tell(answerer.at(), theirs(call, former)));
            });
    again.add(
        new CallCommand.Tell(
            caller.at(), new CallMessage.Answered(call.id(), answerer, Optional.empty())));
  }

  private static CallMessage replaced(CallId former, CallId by) {
    return new CallMessage.Ended(
        former, Reason.REPLACED, Optional.empty(), Optional.empty(), Optional.of(by));
  }

  /** Both called each other (glare): this one is the call that stayed. */
  private static CallMessage theirs(Call call, CallId former) {
    return new CallMessage.Offered(
        call.id(),
        call.caller().device(),
        call.circle(),
        call.media(),
        Optional.empty(),
        call.state(),
        Duration.ZERO,
        Optional.of(former),
        call.relay());
  }
}
