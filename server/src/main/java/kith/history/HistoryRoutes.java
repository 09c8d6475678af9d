package kith.history;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import kith.auth.SignedIn;
import kith.auth.User;
import kith.auth.UserId;
import kith.call.CallHistory;
import kith.call.CallId;
import kith.circle.CircleId;
import kith.input.BadInput;
import kith.input.Fields;
import kith.web.Answer;
import kith.web.Request;
import kith.web.Route;

/** A user's calls, newest first, a page at a time. */
public final class HistoryRoutes {
  private static final int DEFAULT_PAGE = 50;
  private static final int MAX_POSITION = 64;

  private final CallHistory history;
  private final Function<UserId, Optional<User>> users;
  private final SignedIn signedIn;

  public HistoryRoutes(
      CallHistory history, Function<UserId, Optional<User>> users, SignedIn signedIn) {
    this.history = history;
    this.users = users;
    this.signedIn = signedIn;
  }

  public List<Route> routes() {
    return List.of(Route.get("/api/calls", signedIn.only(this::page)));
  }

  /**
   * A page of calls.
   *
   * @param nextBefore what to ask for the next page with; absent at the end
   */
  private record Page(List<CallView> calls, Optional<CallId> nextBefore) {}

  /** A call as its user sees it. */
  private record CallView(
      CallId callId,
      CircleId circleId,
      PeerView peer,
      String direction,
      String media,
      String reason,
      boolean missed,
      Instant startedAt,
      Optional<Instant> answeredAt,
      Instant endedAt,
      long durationMs) {}

  /** The other one; a deleted account has no names any more. */
  private record PeerView(UserId userId, Optional<String> username, Optional<String> displayName) {}

  private Answer page(Request request, User user) {
    Fields query = request.queryFields();
    Optional<CircleId> circle = query.optionalUuid("circleId").map(CircleId::new);
    Optional<String> before = query.optionalText("before", 1, MAX_POSITION);
    query.check();
    int limit = limit(request);
    List<CallHistory.Entry> entries = history.page(user.id(), circle, before, limit);
    Map<UserId, PeerView> peers = new HashMap<>();
    List<CallView> calls =
        entries.stream()
            .map(entry -> view(entry, peers.computeIfAbsent(entry.peer(), this::peer)))
            .toList();
    Optional<CallId> next =
        entries.size() < limit ? Optional.empty() : Optional.of(entries.getLast().callId());
    return Answer.json(new Page(calls, next));
  }

  private static int limit(Request request) {
    String limit = request.query().getOrDefault("limit", "" + DEFAULT_PAGE);
    if (!limit.matches("[0-9]{1,3}")) {
      throw new BadInput("limit", "must be 1 to " + CallHistory.MAX_PAGE);
    }
    return Integer.parseInt(limit);
  }

  private PeerView peer(UserId id) {
    Optional<User> user = users.apply(id);
    return new PeerView(id, user.map(User::username), user.map(User::displayName));
  }

  private static CallView view(CallHistory.Entry entry, PeerView peer) {
    Duration duration = entry.duration();
    return new CallView(
        entry.callId(),
        entry.circleId(),
        peer,
        entry.direction().wire(),
        entry.media().wire(),
        entry.reason().wire(),
        entry.missed(),
        entry.startedAt(),
        entry.answeredAt(),
        entry.endedAt(),
        duration.toMillis());
  }
}
