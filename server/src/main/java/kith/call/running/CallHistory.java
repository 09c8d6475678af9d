package kith.call.running;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import kith.auth.UserId;
import kith.call.CallId;
import kith.call.CallState;
import kith.call.Media;
import kith.call.Quality;
import kith.call.QualityReport;
import kith.call.Reason;
import kith.call.Timeline;
import kith.circle.CircleId;
import kith.database.Database;
import kith.input.BadInput;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/** The calls a user was in, once they are over. Blocking: reads the database. */
public final class CallHistory {
  public static final int MAX_PAGE = 100;
  public static final int MAX_UNSEEN = 100;

  /**
   * Two index walks instead of one {@code OR}, which would read every call of a busy user to sort
   * them.
   */
  private static final String PAGE =
      """
      SELECT * FROM (SELECT * FROM (%s) AS called UNION ALL SELECT * FROM (%s) AS was_called) AS both_ways
      ORDER BY started_at DESC, id DESC LIMIT :limit"""
          .formatted(oneWay("caller_id"), oneWay("callee_id"));

  private static final String UNSEEN_MISSED =
      """
      SELECT COUNT(*) FROM (SELECT 1 FROM calls
        WHERE callee_id = :user AND ended_at IS NOT NULL AND answered_at IS NULL AND ended_at > :seenUntil
          AND reason NOT IN ('declined', 'replaced')
        LIMIT %d) AS unseen"""
          .formatted(CallHistory.MAX_UNSEEN);

  private static final String SEEN =
      """
      INSERT INTO calls_seen (user_id, seen_until) VALUES (:user, :seenUntil)
      ON CONFLICT (user_id) DO UPDATE SET seen_until = excluded.seen_until
      WHERE excluded.seen_until > calls_seen.seen_until""";

  private final Database database;

  public CallHistory(Database database) {
    this.database = database;
  }

  /**
   * Ended calls of a user, newest first.
   *
   * @param before where the page before ended: the {@code callId} of its last call, or the time it
   *     started (ISO 8601, or milliseconds since the epoch)
   * @param limit 1 to {@value #MAX_PAGE}
   * @throws BadInput if {@code before} or {@code limit} is none of these
   */
  public List<Entry> page(
      UserId user, Optional<CircleId> circle, Optional<String> before, int limit) {
    if (limit < 1 || limit > MAX_PAGE) {
      throw new BadInput("limit", "must be 1 to " + MAX_PAGE);
    }
    Position from = before.map(text -> position(user, text)).orElse(Position.NEWEST);
    return database.read(
        handle ->
            handle
                .createQuery(PAGE)
                .bind("user", user.value())
                .bind("circle", circle.map(CircleId::toString).orElse(""))
                .bind("startedAt", from.startedAt())
                .bind("id", from.id())
                .bind("limit", limit)
                .map(entryOf(user, seenUntil(handle, user)))
                .list());
  }

  /**
   * How many calls a user missed and has not looked at; at most {@value #MAX_UNSEEN} are counted.
   */
  public int unseenMissed(UserId user) {
    return database.read(handle -> unseenMissed(handle, user));
  }

  private static int unseenMissed(Handle handle, UserId user) {
    return handle
        .createQuery(UNSEEN_MISSED)
        .bind("user", user.value())
        .bind("seenUntil", seenUntil(handle, user).toEpochMilli())
        .mapTo(Integer.class)
        .one();
  }

  /** A user looked at the calls that ended by then; never takes back what was seen before. */
  public void seen(UserId user, Instant until) {
    database.write(
        handle ->
            handle
                .createUpdate(SEEN)
                .bind("user", user.value())
                .bind("seenUntil", until.toEpochMilli())
                .execute());
  }

  private static Instant seenUntil(Handle handle, UserId user) {
    return handle
        .createQuery("SELECT seen_until FROM calls_seen WHERE user_id = :user")
        .bind("user", user.value())
        .mapTo(Long.class)
        .findOne()
        .map(Instant::ofEpochMilli)
        .orElse(Instant.EPOCH);
  }

  private static String oneWay(String user) {
    return """
        SELECT * FROM calls
        WHERE %s = :user AND ended_at IS NOT NULL AND (:circle = '' OR circle_id = :circle)
          AND (started_at < :startedAt OR (started_at = :startedAt AND id < :id))
        ORDER BY started_at DESC, id DESC LIMIT :limit"""
        .formatted(user);
  }

  private static RowMapper<Entry> entryOf(UserId user, Instant seenUntil) {
    return (row, context) -> {
      boolean outgoing = row.getString("caller_id").equals(user.value());
      CallState.Ended ended = SqlCallStore.ended(row);
      Instant startedAt = Instant.ofEpochMilli(row.getLong("started_at"));
      List<QualityReport> reports =
          List.of(
              SqlCallStore.report(row.getString("caller_report")),
              SqlCallStore.report(row.getString("callee_report")));
      return new Entry(
          new CallId(UUID.fromString(row.getString("id"))),
          new CircleId(UUID.fromString(row.getString("circle_id"))),
          new UserId(row.getString(outgoing ? "callee_id" : "caller_id")),
          outgoing ? Direction.OUTGOING : Direction.INCOMING,
          Media.ofWire(row.getString("media")),
          ended.reason(),
          Timeline.of(startedAt, SqlCallStore.milestones(row), ended, reports),
          Timeline.quality(reports),
          !seenUntil.isBefore(ended.at()));
    };
  }

  private Position position(UserId user, String before) {
    try {
      if (before.matches("[0-9]{1,15}")) {
        return new Position(Long.parseLong(before), "");
      }
      if (before.length() == 36) {
        return positionOf(user, UUID.fromString(before));
      }
      return new Position(Instant.parse(before).toEpochMilli(), "");
    } catch (DateTimeParseException | IllegalArgumentException | ArithmeticException unreadable) {
      throw new BadInput("before", "must be a callId or a time");
    }
  }

  private Position positionOf(UserId user, UUID call) {
    return database.read(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT started_at, id FROM calls
                    WHERE id = :id AND (caller_id = :user OR callee_id = :user)""")
                .bind("id", call.toString())
                .bind("user", user.value())
                .map((row, context) -> new Position(row.getLong("started_at"), row.getString("id")))
                .findOne()
                .orElseThrow(() -> new BadInput("before", "must be a callId of this history")));
  }

  /** What is listed comes after this: older, or as old with a lesser id. */
  private record Position(long startedAt, String id) {
    static final Position NEWEST = new Position(Long.MAX_VALUE, "");
  }

  /** Which way a call went, seen from the user whose history it is in. */
  public enum Direction {
    OUTGOING,
    INCOMING;

    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * One call as one user sees it.
   *
   * @param lookedAt the user looked at the history since it ended
   */
  public record Entry(
      CallId callId,
      CircleId circleId,
      UserId peer,
      Direction direction,
      Media media,
      Reason reason,
      Timeline timeline,
      Optional<Quality> quality,
      boolean lookedAt) {

    /** Zero unless it was answered. */
    public Duration duration() {
      return timeline
          .answeredAt()
          .map(at -> Duration.between(at, timeline.endedAt()))
          .orElse(Duration.ZERO);
    }

    /** Only a missed call is news. */
    public boolean seen() {
      return lookedAt || !missed();
    }

    /** The callee heard of it only afterwards, or let it ring. */
    public boolean missed() {
      return direction == Direction.INCOMING
          && timeline.answeredAt().isEmpty()
          && reason != Reason.DECLINED
          && reason != Reason.REPLACED;
    }
  }
}
