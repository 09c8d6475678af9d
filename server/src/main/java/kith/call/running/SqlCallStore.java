package kith.call.running;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import kith.auth.UserId;
import kith.call.Call;
import kith.call.CallId;
import kith.call.CallState;
import kith.call.CallState.Answered;
import kith.call.CallState.Ended;
import kith.call.CallState.Offered;
import kith.call.CallState.Reconnecting;
import kith.call.CallState.Unanswered;
import kith.call.Device;
import kith.call.DeviceId;
import kith.call.Endpoint;
import kith.call.Media;
import kith.call.Milestones;
import kith.call.QualityReport;
import kith.call.Reason;
import kith.call.Seat;
import kith.circle.CircleId;
import kith.database.Database;
import kith.json.Json;
import kith.privacy.RelayPolicy;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/** Calls in the {@code calls} table: one row a call. */
final class SqlCallStore implements CallStore {
  private static final String ADD =
      """
      INSERT INTO calls (id, former_id, circle_id, caller_id, caller_device, callee_id, callee_device, callee_label, media,
        state, started_at, expires_at, answered_at, connected_at, ended_at, ended_by, reason,
        caller_report, callee_report, relay, ringing_at, reconnects, reconnect_ms,
        waiting_on, caller_held, callee_held)
      SELECT :id, :formerId, :circle, :caller, :callerDevice, :callee, :calleeDevice, :calleeLabel, :media,
        :state, :startedAt, :expiresAt, CAST(:answeredAt AS BIGINT), CAST(:connectedAt AS BIGINT), CAST(:endedAt AS BIGINT), :endedBy, :reason,
        :callerReport, :calleeReport, :relay, CAST(:ringingAt AS BIGINT), :reconnects, :reconnectMs,
        :waitingOn, :callerHeld, :calleeHeld
      WHERE NOT EXISTS (SELECT 1 FROM calls WHERE former_id = :id)
      ON CONFLICT (id) DO NOTHING""";

  private static final String SAVE =
      """
      UPDATE calls SET former_id = :formerId, caller_device = :callerDevice, callee_device = :calleeDevice,
        callee_label = :calleeLabel, state = :state,
        answered_at = :answeredAt, connected_at = :connectedAt, ended_at = :endedAt,
        ended_by = :endedBy, reason = :reason, caller_report = :callerReport,
        callee_report = :calleeReport, ringing_at = :ringingAt, reconnects = :reconnects,
        reconnect_ms = :reconnectMs, expires_at = :expiresAt, waiting_on = :waitingOn,
        caller_held = :callerHeld, callee_held = :calleeHeld
      WHERE id = :id AND ended_at IS NULL""";

  private final Database database;

  SqlCallStore(Database database) {
    this.database = database;
  }

  @Override
  public boolean add(Call call) {
    return database.write(handle -> add(handle, call));
  }

  @Override
  public void save(Call call) {
    database.write(handle -> save(handle, call));
  }

  @Override
  public void saveInsteadOf(CallId former, Call call) {
    database.write(handle -> addInsteadOf(handle, former, call));
  }

  @Override
  public void saveAgain(Call call) {
    database.write(
        handle -> {
          add(handle, call);
          save(handle, call);
          return call.formerId().isPresent() && addInsteadOf(handle, call.formerId().get(), call);
        });
  }

  private static boolean add(Handle handle, Call call) {
    return bind(handle.createUpdate(ADD), call).execute() == 1;
  }

  private static boolean save(Handle handle, Call call) {
    return bind(handle.createUpdate(SAVE), call).execute() == 1;
  }

  private static boolean addInsteadOf(Handle handle, CallId former, Call call) {
    handle
        .createUpdate("DELETE FROM calls WHERE id = :id AND ended_at IS NULL")
        .bind("id", former.toString())
        .execute();
    return add(handle, call);
  }

  @Override
  public List<Call> running(Instant now) {
    return database.read(
        handle ->
            handle
                .createQuery("SELECT * FROM calls WHERE ended_at IS NULL ORDER BY started_at, id")
                .map((row, context) -> takenUp(row, now))
                .list());
  }

  @Override
  public Optional<Past> past(CallId id, UserId user) {
    return database.read(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT * FROM calls WHERE (id = :id OR former_id = :id) AND ended_at IS NOT NULL
                      AND (caller_id = :user OR callee_id = :user)""")
                .bind("id", id.toString())
                .bind("user", user.value())
                .map((row, context) -> new Past(ended(row), taker(row)))
                .findOne());
  }

  @Override
  public boolean knows(CallId id) {
    return database.read((Handle handle) -> exists(handle, id));
  }

  private static boolean exists(Handle handle, CallId id) {
    return handle
        .createQuery("SELECT 1 FROM calls WHERE id = :id OR former_id = :id")
        .bind("id", id.toString())
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }

  private static Update bind(Update update, Call call) {
    Optional<Instant> answeredAt =
        switch (call.state()) {
          case Unanswered unanswered -> Optional.empty();
          case Answered answered -> Optional.of(answered.answeredAt());
          case Ended ended -> ended.answeredAt();
        };
    Optional<Instant> connectedAt =
        switch (call.state()) {
          case Unanswered unanswered -> Optional.empty();
          case Answered answered -> answered.connectedAt();
          case Ended ended -> ended.connectedAt();
        };
    Instant expiresAt =
        call.state() instanceof Unanswered unanswered ? unanswered.expiresAt() : call.offeredAt();
    Optional<Ended> end =
        call.state() instanceof Ended ended ? Optional.of(ended) : Optional.empty();
    return update
        .bind("id", call.id().toString())
        .bind("formerId", call.formerId().map(CallId::toString).orElse(null))
        .bind("circle", call.circle().toString())
        .bind("caller", call.caller().device().user().value())
        .bind("callerDevice", call.caller().device().id().value())
        .bind("callee", call.callee().value())
        .bind("calleeDevice", call.answerer().map(seat -> seat.device().id().value()).orElse(null))
        .bind("calleeLabel", call.answerer().flatMap(seat -> seat.device().label()).orElse(null))
        .bind("media", call.media().wire())
        .bind("state", call.state().wire())
        .bind("startedAt", call.offeredAt().toEpochMilli())
        .bind("expiresAt", expiresAt.toEpochMilli())
        .bind("answeredAt", millis(answeredAt))
        .bind("connectedAt", millis(connectedAt))
        .bind("endedAt", millis(end.map(Ended::at)))
        .bind("endedBy", end.flatMap(Ended::by).map(UserId::value).orElse(null))
        .bind("reason", end.map(it -> it.reason().wire()).orElse(null))
        .bind("callerReport", json(call.caller().report()))
        .bind("calleeReport", call.answerer().map(seat -> json(seat.report())).orElse(null))
        .bind("relay", call.relay().wire())
        .bind("ringingAt", millis(call.milestones().ringingAt()))
        .bind("reconnects", call.milestones().reconnects())
        .bind("reconnectMs", call.milestones().away().toMillis())
        .bind("waitingOn", waitingOn(call))
        .bind("callerHeld", call.caller().held() ? 1 : 0)
        .bind("calleeHeld", call.answerer().filter(Seat::held).isPresent() ? 1 : 0);
  }

  private static @Nullable String waitingOn(Call call) {
    return call.isWaiting()
        ? call.ringers().keySet().stream().findFirst().map(DeviceId::value).orElse(null)
        : null;
  }

  private static @Nullable Long millis(Optional<Instant> time) {
    return time.map(Instant::toEpochMilli).orElse(null);
  }

  private static @Nullable String json(QualityReport report) {
    return report.fields().isEmpty()
        ? null
        : new String(Json.write(new TreeMap<>(report.fields())), StandardCharsets.UTF_8);
  }

  /** What a side told, as it is written down. */
  static QualityReport report(@Nullable String json) {
    return json != null && Json.read(json.getBytes(StandardCharsets.UTF_8)) instanceof Map<?, ?> map
        ? new QualityReport(fields(map))
        : QualityReport.NONE;
  }

  private static Map<String, Object> fields(Map<?, ?> json) {
    Map<String, Object> fields = new TreeMap<>();
    json.forEach(
        (name, value) -> {
          if (value != null) {
            fields.put(String.valueOf(name), value);
          }
        });
    return fields;
  }

  private static Call takenUp(ResultSet row, Instant now) throws SQLException {
    Seat caller =
        Seat.of(device(row, "caller_id", "caller_device"))
            .reporting(report(row.getString("caller_report")))
            .holding(row.getInt("caller_held") == 1)
            .away(now);
    Optional<Device> taker = taker(row);
    boolean waiting = row.getString("waiting_on") != null;
    Optional<Seat> callee =
        taker.isPresent()
            ? Optional.of(
                Seat.of(taker.get())
                    .reporting(report(row.getString("callee_report")))
                    .holding(row.getInt("callee_held") == 1))
            : Optional.empty();
    CallState state =
        taker.isPresent()
            ? new Reconnecting(time(row, "answered_at").orElse(now), time(row, "connected_at"))
            : new Offered(Instant.ofEpochMilli(row.getLong("expires_at")), waiting);
    return new Call(
        id(row.getString("id")),
        Optional.ofNullable(row.getString("former_id")).map(SqlCallStore::id),
        new CircleId(UUID.fromString(row.getString("circle_id"))),
        Media.ofWire(row.getString("media")),
        Instant.ofEpochMilli(row.getLong("started_at")),
        state,
        caller,
        new UserId(row.getString("callee_id")),
        waiting ? waitingOn(device(row, "callee_id", "waiting_on")) : Map.of(),
        callee.map(seat -> seat.away(now)),
        Optional.empty(),
        List.of(),
        RelayPolicy.ofWire(row.getString("relay")).orElse(RelayPolicy.ALWAYS),
        milestones(row).passing(new Offered(now, false), state, now),
        true);
  }

  static Milestones milestones(ResultSet row) throws SQLException {
    return new Milestones(
        time(row, "ringing_at"),
        row.getInt("reconnects"),
        Duration.ofMillis(row.getLong("reconnect_ms")),
        Optional.empty());
  }

  /** The device is not there yet; when it comes, the call rings on it again. */
  private static Map<DeviceId, Call.Ringer> waitingOn(Device device) {
    return Map.of(device.id(), new Call.Ringer(device, true, false));
  }

  private static CallId id(String text) {
    return new CallId(UUID.fromString(text));
  }

  /** The device that took the call, if one did. */
  private static Optional<Device> taker(ResultSet row) throws SQLException {
    if (row.getString("callee_device") == null) {
      return Optional.empty();
    }
    Endpoint at = device(row, "callee_id", "callee_device").at();
    var label = Optional.ofNullable(row.getString("callee_label"));
    return Optional.of(new Device(at, "", false, false, label));
  }

  /** A device as far as it is written down; when it resumes, the rest is known again. */
  private static Device device(ResultSet row, String user, String device) throws SQLException {
    var at = new Endpoint(new UserId(row.getString(user)), new DeviceId(row.getString(device)));
    return new Device(at, "", false, false);
  }

  static Ended ended(ResultSet row) throws SQLException {
    return new Ended(
        Reason.ofWire(row.getString("reason")),
        Optional.ofNullable(row.getString("ended_by")).map(UserId::new),
        Instant.ofEpochMilli(row.getLong("ended_at")),
        time(row, "answered_at"),
        time(row, "connected_at"));
  }

  static Optional<Instant> time(ResultSet row, String column) throws SQLException {
    long millis = row.getLong(column);
    return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
  }
}
