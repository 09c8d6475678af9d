package kith.call.running;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import kith.auth.UserId;
import kith.call.Call;
import kith.call.CallId;
import kith.call.CallMessage;
import kith.call.CallState;
import kith.call.Endpoint;
import kith.call.ErrorCode;
import kith.call.Reason;
import kith.call.Reply;
import kith.call.Seat;

/**
 * Sees what is done, told and written down in a simulated world, and remembers what should not have
 * been. It throws nothing: the server would catch it.
 */
final class Witness {
  private final SimulatedWorld world;
  private final List<String> broken = new ArrayList<>();
  private final Set<Pair> made = new HashSet<>();
  private final Set<Pair> taken = new HashSet<>();
  private final Map<Pair, Long> endedBy = new HashMap<>();

  private record Pair(CallId call, Endpoint device) {}

  Witness(SimulatedWorld world) {
    this.world = world;
  }

  Optional<String> broken() {
    return broken.stream().findFirst();
  }

  void holds(boolean it, Supplier<String> otherwise) {
    if (!it) {
      world.tell(() -> "WRONG: " + otherwise.get());
      broken.add(otherwise.get());
    }
  }

  /** Its user calls. */
  void makes(CallId call, Endpoint device) {
    made.add(new Pair(call, device));
  }

  /** Its user wants to talk: taps on Accept, or calls as well. */
  void takes(CallId call, Endpoint device) {
    taken.add(new Pair(call, device));
  }

  /** Media flows between the two from now on. */
  void talk(CallId call, Endpoint callee) {
    holds(
        taken.contains(new Pair(call, callee)) || becameOneOf(call, callee),
        () -> "media of " + call + " flows to " + callee + ", which did not answer");
  }

  /** Both called each other: the call of that device became one with this one. */
  private boolean becameOneOf(CallId call, Endpoint device) {
    return Optional.ofNullable(world.store.rows.get(call))
        .flatMap(Call::formerId)
        .filter(former -> made.contains(new Pair(former, device)))
        .isPresent();
  }

  /** The server gives a message to the connection of a device. */
  void told(Endpoint to, CallMessage message, long number) {
    CallId call = message.callId();
    var pair = new Pair(call, to);
    // What was missed is told again, under the numbers that it had.
    holds(
        message instanceof CallMessage.Ended || number < endedBy.getOrDefault(pair, number + 1),
        () -> to.device() + " is told of " + call + " after its end: " + message);
    if (message instanceof CallMessage.Ended ended) {
      endedBy.put(pair, number);
      if (ended.replacedBy().isEmpty()) {
        sees(call, ended.reason());
      }
    }
    if (message instanceof CallMessage.Answered answered) {
      talk(call, answered.from().at());
    }
  }

  /** Someone may not call now. */
  void refuses(UserId caller, Reply.Refused refused) {
    boolean runs =
        world.store.rows.values().stream().anyMatch(it -> !it.isOver() && it.isParty(caller));
    holds(
        refused.code() != ErrorCode.BUSY || runs,
        () -> caller + " may not call, but is in no call: " + refused);
  }

  /** Someone is told why a call is over. */
  void sees(CallId call, Reason reason) {
    Call written =
        world.store.rows.values().stream().filter(it -> it.goesBy(call)).findFirst().orElse(null);
    holds(
        written != null
            && written.state() instanceof CallState.Ended ended
            && ended.reason() == reason,
        () -> "told that " + call + " ended as " + reason + ", but it is " + written);
    holds(reason != Reason.SERVER_ERROR, () -> "the server failed in " + call);
    holds(reason != Reason.BUSY, () -> call + " was busy, but there is nobody else to talk to");
  }

  /** A call is written down anew. */
  void saved(Call before, Call after) {
    if (before == null) {
      return;
    }
    holds(!before.isOver() || after.isOver(), () -> before + " goes on after its end");
    before
        .answerer()
        .ifPresent(
            seat ->
                holds(
                    after.answerer().filter(it -> sits(seat, it)).isPresent(),
                    () -> before + " was taken from " + seat.device().id()));
  }

  private static boolean sits(Seat one, Seat other) {
    return one.device().at().equals(other.device().at());
  }
}
