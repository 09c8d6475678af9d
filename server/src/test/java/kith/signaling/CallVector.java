package kith.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import kith.auth.UserId;
import kith.call.Call;
import kith.call.CallId;
import kith.call.CallSettings;
import kith.call.CallState.Unanswered;
import kith.call.running.CallHistory;
import kith.database.Database;
import kith.signaling.SignalingInVirtualTime.Heard;
import kith.signaling.SignalingInVirtualTime.TestDevice;

/** A call of protocol/vectors/calls, played on the server's side. */
final class CallVector {
  private static final Path VECTORS = Path.of("../protocol/vectors/calls");

  /** What the call table calls what vectors say. */
  private static final Map<String, String> EVENTS =
      Map.ofEntries(
          Map.entry("call-offer", "offers"),
          Map.entry("call-ringing", "rings"),
          Map.entry("call-answer", "answers"),
          Map.entry("call-decline", "declines"),
          Map.entry("end-call", "hangs up"),
          Map.entry("call-description", "describes"),
          Map.entry("ice-candidate", "trickles"),
          Map.entry("call-media", "shows"),
          Map.entry("call-hold", "holds"),
          Map.entry("call-connected", "connects"),
          Map.entry("call-quality", "reports"),
          Map.entry("call-resume", "resumes"),
          Map.entry("connect", "comes"),
          Map.entry("disconnect", "goes"),
          Map.entry("leave-circle", "leaves the circle"));

  /** What the table calls it when a call waits no more. */
  static final String ALONE = "the other call is over";

  private final Map<String, Object> vector;
  private final Database database;
  private final SignalingInVirtualTime world;
  private final Set<Edge> edges = new LinkedHashSet<>();

  /** What happens to a call in a state, and what becomes of it. */
  record Edge(String from, String event, String to) {
    @Override
    public String toString() {
      return from + ": " + event + " -> " + to;
    }
  }

  CallVector(String file, Database database) throws IOException {
    this.vector = new JsonObject(Files.readString(VECTORS.resolve(file))).getMap();
    this.database = database;
    this.world = new SignalingInVirtualTime(settings(object(vector.get("settings"))), database);
  }

  static List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(VECTORS)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** Fails if it does not go as the vector tells; answers the edges it went over. */
  Set<Edge> play() {
    List<Object> takeWaiting = list(vector.getOrDefault("callWaiting", List.of()));
    object(vector.get("devices"))
        .forEach(
            (user, ids) ->
                list(ids).forEach(id -> world.device(user, (String) id, takeWaiting.contains(id))));
    for (Object step : list(vector.get("steps"))) {
      step(object(step));
    }
    world.devices().forEach(device -> assertEquals(List.of(), List.copyOf(device.heard)));
    object(vector.get("history"))
        .forEach((user, calls) -> assertHistory(database, user, list(calls)));
    return edges;
  }

  private void step(Map<String, Object> step) {
    TestDevice device = world.device((String) step.get("device"));
    edges("time", callsNow(), () -> passTimeTo(step));
    if (step.get("does") instanceof String deed) {
      edges(EVENTS.getOrDefault(deed, deed), callsOf(device), () -> does(world, device, deed));
    } else if (step.get("sends") instanceof String event) {
      if (isLost(step)) {
        return;
      }
      edges(EVENTS.get(event), named(step, callsOf(device)), () -> sends(device, event, step));
    } else {
      hears(device, step);
    }
  }

  /** What a device said into a connection that was dead by then. */
  private static boolean isLost(Map<String, Object> step) {
    return Boolean.TRUE.equals(step.get("lost"));
  }

  private void edges(String event, List<Call> before, Runnable happens) {
    List<Call> waiting = callsNow().stream().filter(CallVector::isWaiting).toList();
    happens.run();
    for (Call call : waiting) {
      now(call)
          .filter(now -> now.state() instanceof Unanswered && !isWaiting(now))
          .ifPresent(now -> edges.add(new Edge(call.state().wire(), ALONE, now.state().wire())));
    }
    for (Call call : before) {
      String after = state(call);
      if (!event.equals("time") || !after.equals(call.state().wire())) {
        edges.add(new Edge(call.state().wire(), event, after));
      }
    }
  }

  private List<Call> callsNow() {
    Set<Call> calls = new LinkedHashSet<>();
    world.devices().forEach(device -> calls.addAll(callsOf(device)));
    return List.copyOf(calls);
  }

  private List<Call> callsOf(TestDevice device) {
    return world.callsOf(device.user);
  }

  /** Of two calls, the one that is spoken of; both, if none is named. */
  private static List<Call> named(Map<String, Object> step, List<Call> calls) {
    Object name = object(step.get("payload")).get("callId");
    List<Call> one = calls.stream().filter(call -> call.id().toString().equals(name)).toList();
    return one.isEmpty() ? calls : one;
  }

  private static boolean isWaiting(Call call) {
    return call.state() instanceof Unanswered unanswered && unanswered.waiting();
  }

  /** How a call stands now that stood otherwise before. */
  private String state(Call before) {
    return now(before)
        .map(call -> call.state().wire())
        .orElseGet(() -> "ended " + reason(before.callee(), before.id()));
  }

  private Optional<Call> now(Call before) {
    CallId id = before.id();
    return Stream.of(before.caller().device().user(), before.callee())
        .flatMap(user -> world.callsOf(user).stream())
        .filter(call -> id.equals(call.id()) || call.formerId().filter(id::equals).isPresent())
        .findFirst();
  }

  private String reason(UserId user, CallId id) {
    return new CallHistory(database)
        .page(user, Optional.empty(), Optional.empty(), 100).stream()
            .filter(entry -> entry.callId().equals(id))
            .map(entry -> entry.reason().wire())
            .findFirst()
            .orElse("unwritten");
  }

  private void passTimeTo(Map<String, Object> step) {
    world.time.goTo(Duration.ofMillis(((Number) step.get("at")).longValue()));
  }

  private void sends(TestDevice device, String event, Map<String, Object> step) {
    var answer = device.says(event, object(step.get("payload")));
    if (step.containsKey("ack")) {
      assertHolds(step.get("ack"), answer, "the answer to " + step);
    }
  }

  private void hears(TestDevice device, Map<String, Object> step) {
    Heard heard = device.next().orElseGet(() -> fail("nothing was heard at " + step));
    assertEquals(step.get("hears"), heard.event(), () -> step + " but heard " + heard);
    assertHolds(step.get("payload"), heard.payload(), step.toString());
  }

  private static CallSettings settings(Map<String, Object> settings) {
    return new CallSettings(
        seconds(settings, "ringSeconds"),
        seconds(settings, "connectSeconds"),
        seconds(settings, "graceSeconds"));
  }

  private static Duration seconds(Map<String, Object> settings, String name) {
    return Duration.ofSeconds(((Number) settings.get(name)).longValue());
  }

  private static void does(SignalingInVirtualTime world, TestDevice device, String deed) {
    switch (deed) {
      case "connect" -> device.connect();
      case "disconnect" -> device.disconnect();
      case "leave-circle" -> world.leaveCircle(device.user.value());
      case "call",
          "accept",
          "decline",
          "hangup",
          "media",
          "media-connected",
          "media-lost",
          "negotiation-failed",
          "dismiss",
          "hold-and-answer",
          "end-and-answer",
          "decline-waiting",
          "swap",
          "resume",
          "end-held" -> {
        // Inputs of the app; the server hears what comes of them.
      }
      default -> fail("no device does " + deed);
    }
  }

  private static void assertHistory(Database database, String user, List<Object> expected) {
    var page =
        new CallHistory(database).page(new UserId(user), Optional.empty(), Optional.empty(), 100);
    assertEquals(expected.size(), page.size(), () -> user + " has " + page);
    for (int i = 0; i < page.size(); i++) {
      assertHolds(expected.get(i), json(page.get(i)), "the history of " + user);
    }
  }

  private static Map<String, Object> json(CallHistory.Entry entry) {
    return Map.of(
        "callId", entry.callId().toString(),
        "circleId", entry.circleId().toString(),
        "peer", entry.peer().value(),
        "direction", entry.direction().wire(),
        "media", entry.media().wire(),
        "reason", entry.reason().wire(),
        "durationMs", entry.duration().toMillis());
  }

  /** What is expected is there, with that value; there may be more. */
  private static void assertHolds(Object expected, Object actual, String where) {
    if (expected instanceof Map<?, ?> fields) {
      Map<String, Object> found = object(actual);
      fields.forEach(
          (name, value) -> {
            assertTrue(found.containsKey(name), () -> where + ": no " + name + " in " + found);
            assertHolds(value, found.get(name), where + ": " + name);
          });
    } else if (expected instanceof List<?> elements) {
      List<Object> found = list(actual);
      assertEquals(elements.size(), found.size(), where);
      for (int i = 0; i < elements.size(); i++) {
        assertHolds(elements.get(i), found.get(i), where + "[" + i + "]");
      }
    } else if (expected instanceof Number number) {
      assertEquals(number.longValue(), ((Number) actual).longValue(), where);
    } else {
      assertEquals(expected, actual, where);
    }
  }

  private static Map<String, Object> object(Object json) {
    var object = new LinkedHashMap<String, Object>();
    ((Map<?, ?>) json).forEach((name, value) -> object.put((String) name, value));
    return object;
  }

  private static List<Object> list(Object json) {
    return List.copyOf((List<?>) json);
  }
}
