package kith.call.running;

import java.util.HashMap;
import java.util.Map;
import kith.call.CallId;

/** Which message of each call a phone heard last, and from which server. */
final class HeardInOrder {
  private final Map<CallId, Heard> last = new HashMap<>();

  private record Heard(SimulatedServer from, long number) {}

  /** Whether nothing was left out since the last one; from now on this one is the last. */
  boolean comesNext(CallId call, long number, SimulatedServer from) {
    Heard before = last.put(call, new Heard(from, number));
    return before == null || before.from() != from || number == before.number() + 1;
  }
}
