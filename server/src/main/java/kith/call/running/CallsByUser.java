package kith.call.running;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import kith.auth.UserId;
import kith.call.Call;
import kith.call.CallState.Unanswered;
import org.jspecify.annotations.Nullable;

/** Which calls everyone is in, in the order in which they began. */
final class CallsByUser {
  private final Map<UserId, List<CallRunner>> runners = new ConcurrentHashMap<>();

  /** The call of each that was over last, as long as it is remembered. */
  private final Map<UserId, CallRunner> over = new ConcurrentHashMap<>();

  List<CallRunner> of(UserId user) {
    return runners.getOrDefault(user, List.of());
  }

  /** The calls someone is in, as far as they began. */
  Stream<Call> callsOf(UserId user) {
    return of(user).stream().map(CallRunner::call).flatMap(Optional::stream);
  }

  void add(CallRunner runner, Set<UserId> users) {
    users.forEach(
        user ->
            runners.merge(
                user,
                List.of(runner),
                (known, one) -> Stream.concat(known.stream(), one.stream()).toList()));
  }

  void remove(CallRunner runner) {
    runner
        .users()
        .forEach(user -> runners.computeIfPresent(user, (it, known) -> without(known, runner)));
  }

  /** It is over, and answers by itself for a while. */
  void over(CallRunner runner) {
    // First, or who hangs up meanwhile would find it in neither place.
    runner.users().forEach(user -> over.put(user, runner));
    remove(runner);
  }

  void forget(CallRunner runner) {
    remove(runner);
    runner.users().forEach(user -> over.remove(user, runner));
  }

  /** The call that two have with each other, or else the last of both that is just over. */
  Optional<CallRunner> between(UserId one, UserId other) {
    return Stream.concat(of(one).stream(), Optional.ofNullable(over.get(one)).stream())
        .filter(runner -> runner.isBetween(one, other))
        .findFirst();
  }

  /** Null if there is none left: who is in no call leaves no trace. */
  private static @Nullable List<CallRunner> without(List<CallRunner> known, CallRunner runner) {
    List<CallRunner> left = known.stream().filter(it -> it != runner).toList();
    return left.isEmpty() ? null : left;
  }

  boolean isEmpty() {
    return runners.isEmpty() && over.isEmpty();
  }

  /**
   * Which of someone's calls hears first that they call another. Of two calls, one that rings from
   * someone else comes first: it refuses, and nothing is lost. Who calls somebody whose call waits
   * takes that call, and leaves the one they talk in before.
   */
  Optional<CallRunner> firstToMakeWay(UserId caller, UserId to) {
    List<CallRunner> own = of(caller);
    return Stream.<Predicate<Call>>of(
            call -> call.state() instanceof Unanswered && !call.peerOf(caller).equals(to),
            call -> call.isTalkedInBy(caller) && own.size() > 1 && waitsFor(caller, to),
            call -> call.peerOf(caller).equals(to),
            call -> true)
        .flatMap(rule -> own.stream().filter(it -> it.call().filter(rule).isPresent()))
        .findFirst()
        .or(() -> own.stream().findFirst());
  }

  private boolean waitsFor(UserId callee, UserId from) {
    return callsOf(callee)
        .anyMatch(
            call ->
                call.isWaiting()
                    && call.callee().equals(callee)
                    && call.peerOf(callee).equals(from));
  }

  Stream<CallRunner> all() {
    return runners.values().stream().flatMap(List::stream).distinct();
  }
}
