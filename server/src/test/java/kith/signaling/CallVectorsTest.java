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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import kith.auth.UserId;
import kith.call.CallHistory;
import kith.call.CallSettings;
import kith.database.Database;
import kith.database.DatabaseKind;
import kith.signaling.SignalingInVirtualTime.Heard;
import kith.signaling.SignalingInVirtualTime.TestDevice;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs the calls of protocol/vectors/calls, which the app runs too, on the server's side. */
class CallVectorsTest {
  private static final Path VECTORS = Path.of("../protocol/vectors/calls");

  @TempDir Path folder;

  static Stream<String> vectors() throws IOException {
    try (Stream<Path> files = Files.list(VECTORS)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void goesAsTheVectorTells(String file) throws IOException {
    Map<String, Object> vector = new JsonObject(Files.readString(VECTORS.resolve(file))).getMap();
    try (Database database = DatabaseKind.SQLITE.open(folder)) {
      var world = new SignalingInVirtualTime(settings(object(vector.get("settings"))), database);
      List<Object> takeWaiting = list(vector.getOrDefault("callWaiting", List.of()));
      object(vector.get("devices"))
          .forEach(
              (user, ids) ->
                  list(ids)
                      .forEach(id -> world.device(user, (String) id, takeWaiting.contains(id))));
      for (Object step : list(vector.get("steps"))) {
        step(world, object(step));
      }
      world.devices().forEach(device -> assertEquals(List.of(), List.copyOf(device.heard)));
      object(vector.get("history"))
          .forEach((user, calls) -> assertHistory(database, user, list(calls)));
    }
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

  private static void step(SignalingInVirtualTime world, Map<String, Object> step) {
    world.time.goTo(Duration.ofMillis(((Number) step.get("at")).longValue()));
    TestDevice device = world.device((String) step.get("device"));
    if (step.get("does") instanceof String deed) {
      does(world, device, deed);
    } else if (step.get("sends") instanceof String event) {
      var answer = device.says(event, object(step.get("payload")));
      if (step.containsKey("ack")) {
        assertHolds(step.get("ack"), answer, "the answer to " + step);
      }
    } else {
      Heard heard = device.next().orElseGet(() -> fail("nothing was heard at " + step));
      assertEquals(step.get("hears"), heard.event(), () -> step + " but heard " + heard);
      assertHolds(step.get("payload"), heard.payload(), step.toString());
    }
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
