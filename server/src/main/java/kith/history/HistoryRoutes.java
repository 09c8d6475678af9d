package kith.history;

import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import kith.auth.SignedIn;
import kith.auth.User;
import kith.auth.UserId;
import kith.call.CallId;
import kith.call.Quality;
import kith.call.Timeline;
import kith.call.running.CallHistory;
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

  /** The year 5138. */
  private static final long MAX_TIME = 99_999_999_999_999L;

  private final CallHistory history;
  private final Function<UserId, Optional<User>> users;
  private final SignedIn signedIn;
  private final Consumer<UserId> changed;
  private final InstantSource clock;

  /**
   * @param changed hears whose missed calls were looked at
   */
  public HistoryRoutes(
      CallHistory history,
      Function<UserId, Optional<User>> users,
      SignedIn signedIn,
      Consumer<UserId> changed,
      InstantSource clock) {
    this.history = history;
    this.users = users;
    this.signedIn = signedIn;
    this.changed = changed;
    this.clock = clock;
  }

  public List<Route> routes() {
    return List.of(
        Route.get("/api/calls", signedIn.only(this::page)),
        Route.post("/api/calls/seen", signedIn.only(this::seen)));
  }

  /**
   * A page of calls.
   *
   * @param nextBefore what to ask for the next page with; absent at the end
   * @param unseenMissed of all calls, not of this page
   */
  private record Page(List<CallView> calls, Optional<CallId> nextBefore, int unseenMissed) {}

  private record Unseen(int unseenMissed) {}

  /** A call as its user sees it. */
  private record CallView(
      CallId callId,
      CircleId circleId,
      PeerView peer,
      String direction,
      String media,
      String reason,
      boolean missed,
      boolean seen,
      Instant startedAt,
      Optional<Instant> answeredAt,
      Instant endedAt,
      long durationMs,
      Optional<String> quality,
      TimelineView timeline) {}

  private record TimelineView(
      Instant offeredAt,
      Optional<Instant> ringingAt,
      Optional<Instant> warmAt,
      Optional<Instant> answeredAt,
      Optional<Instant> connectedAt,
      Optional<Instant> firstFrameAt,
      Optional<Instant> firstAudioAt,
      int reconnects,
      long reconnectMs,
      Instant endedAt) {}

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
    return Answer.json(new Page(calls, next, history.unseenMissed(user.id())));
  }

  private Answer seen(Request request, User user) {
    Fields fields = request.json();
    Instant now = clock.instant();
    Instant until =
        fields.optionalNumber("until", 0, MAX_TIME).map(Instant::ofEpochMilli).orElse(now);
    fields.check();
    history.seen(user.id(), until.isAfter(now) ? now : until);
    changed.accept(user.id());
    return Answer.json(new Unseen(history.unseenMissed(user.id())));
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
    Timeline timeline = entry.timeline();
    return new CallView(
        entry.callId(),
        entry.circleId(),
        peer,
        entry.direction().wire(),
        entry.media().wire(),
        entry.reason().wire(),
        entry.missed(),
        entry.seen(),
        timeline.offeredAt(),
        timeline.answeredAt(),
        timeline.endedAt(),
        entry.duration().toMillis(),
        entry.quality().map(Quality::wire),
        view(timeline));
  }

  private static TimelineView view(Timeline timeline) {
    return new TimelineView(
        timeline.offeredAt(),
        timeline.ringingAt(),
        timeline.warmAt(),
        timeline.answeredAt(),
        timeline.connectedAt(),
        timeline.firstFrameAt(),
        timeline.firstAudioAt(),
        timeline.reconnects(),
        timeline.reconnecting().toMillis(),
        timeline.endedAt());
  }
}
