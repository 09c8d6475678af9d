package kith.call;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import kith.auth.UserId;

/** Which calls everyone is in, in the order in which they began. */
final class CallsByUser {
  private final Map<UserId, List<CallRunner>> runners = new ConcurrentHashMap<>();

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

  private static List<CallRunner> without(List<CallRunner> known, CallRunner runner) {
    return known.stream().filter(it -> it != runner).toList();
  }

  Stream<CallRunner> all() {
    return runners.values().stream().flatMap(List::stream).distinct();
  }
}
