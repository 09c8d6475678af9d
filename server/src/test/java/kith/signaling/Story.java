package kith.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.fail;

import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import kith.auth.UserId;
import kith.call.CallSettings;
import kith.call.running.CallHistory;
import kith.call.running.Presence;
import kith.database.Database;
import kith.database.DatabaseKind;
import kith.privacy.RelayPolicy;
import kith.signaling.SignalingInVirtualTime.Heard;
import kith.signaling.SignalingInVirtualTime.TestDevice;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * The language of the tests about calls: people, their devices, what they do and hear, and when.
 */
abstract class Story {
  @TempDir static Path folder;
  static Database database;
  SignalingInVirtualTime world;
  Person alice;
  Person bob;
  Person carol;

  @BeforeAll
  static void openDatabase() {
    database = DatabaseKind.SQLITE.open(folder);
  }

  @AfterAll
  static void closeDatabase() {
    database.close();
  }

  @BeforeEach
  void begin() {
    database.write(handle -> handle.execute("DELETE FROM calls"));
    world = new SignalingInVirtualTime(CallSettings.DEFAULTS, database);
    alice = new Person("alice", "phone");
    bob = new Person("bob", "phone", "laptop");
    carol = new Person("carol", "phone");
  }

  /** Goes on to a time since the beginning of the story. */
  void at(long amount, ChronoUnit unit) {
    world.time.goTo(Duration.of(amount, unit));
  }

  void later(long amount, ChronoUnit unit) {
    world.time.goOn(Duration.of(amount, unit));
  }

  static String callId(int number) {
    return new UUID(0, number).toString();
  }

  static Map<String, Object> sdp(String type) {
    return Map.of("type", type, "sdp", "v=0 " + type);
  }

  static Map<String, Object> candidate(int number) {
    return Map.of("candidate", "candidate:" + number, "sdpMid", "0", "sdpMLineIndex", 0);
  }

  /** Fields of a message: {@code with("callId", id, "audio", true)}. */
  static Map<String, Object> with(Object... namesAndValues) {
    var fields = new LinkedHashMap<String, Object>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      fields.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return fields;
  }

  /** Someone with devices; what they do without a word about where, they do on the first. */
  final class Person {
    final String name;
    private final Map<String, Handset> handsets = new LinkedHashMap<>();

    Person(String name, String... devices) {
      this.name = name;
      for (String device : devices) {
        handsets.put(device, new Handset(this, world.device(name, name + "-" + device)));
      }
    }

    Handset on(String device) {
      return handsets.get(device);
    }

    private Handset first() {
      return handsets.values().iterator().next();
    }

    /** Another device, not yet known to anyone. */
    Handset buys(String device) {
      var handset = new Handset(this, world.device(name, name + "-" + device));
      handsets.put(device, handset);
      return handset;
    }

    /** Chooses when others may learn the addresses of these devices. */
    void wishes(RelayPolicy relay) {
      world.circle.wishes(new UserId(name), relay);
    }

    Handset opensAPlainClient(String socket) {
      return new Handset(this, world.plainClient(name, socket));
    }

    String calls(Person other) {
      return first().calls(other);
    }

    Presence.Status isSeen() {
      return world.presenceOf(name);
    }

    /** Reasons of the calls in this one's history, newest first. */
    List<String> history() {
      return new CallHistory(database)
          .page(new UserId(name), Optional.empty(), Optional.empty(), 100).stream()
              .map(entry -> entry.reason().wire())
              .toList();
    }
  }

  /** A device in someone's hand. */
  final class Handset {
    final Person owner;
    final TestDevice device;
    private Optional<String> call = Optional.empty();

    Handset(Person owner, TestDevice device) {
      this.owner = owner;
      this.device = device;
    }

    String id() {
      return device.id;
    }

    /** Calls someone with a new callId, and is told that it is under way. */
    String calls(Person other) {
      String id = UUID.randomUUID().toString();
      calls(other, id).isDone();
      return id;
    }

    Answered calls(Person other, String id) {
      call = Optional.of(id);
      return says("call-offer", with("to", other.name, "callId", id, "media", "video"));
    }

    /** Its bell rings. */
    Heard rings() {
      Heard offer = hears("call-offer");
      call = Optional.of((String) offer.payload().get("callId"));
      saysOfTheCall("call-ringing").isDone();
      return offer;
    }

    Handset answers() {
      saysOfTheCall("call-answer").isDone();
      return this;
    }

    void declines() {
      saysOfTheCall("call-decline").isDone();
    }

    void hangsUp() {
      saysOfTheCall("end-call").isDone();
    }

    void isConnected() {
      saysOfTheCall("call-connected").isDone();
    }

    Answered saysOfTheCall(String event, Object... fields) {
      var payload = with(fields);
      payload.put("callId", call.orElseThrow());
      return says(event, payload);
    }

    Answered says(String event, Object payload) {
      return new Answered(event, device.says(event, payload));
    }

    /** Says something and asks for no answer. */
    void shouts(String event, Object payload) {
      device.shouts(event, payload);
    }

    Answered resumes(String id) {
      return says("call-resume", with("calls", List.of(id)));
    }

    Answered resumes(String id, long received) {
      return says("call-resume", with("calls", List.of(id), "received", Map.of(id, received)));
    }

    /** The next message is this one. */
    Heard hears(String event) {
      Heard heard = device.next().orElseGet(() -> fail(id() + " hears nothing, not " + event));
      assertEquals(event, heard.event(), () -> id() + " heard " + heard);
      return heard;
    }

    Heard hears(String event, Object... fields) {
      Heard heard = hears(event);
      with(fields)
          .forEach(
              (name, value) ->
                  assertEquals(value, heard.payload().get(name), () -> name + " of " + heard));
      return heard;
    }

    /** Hears what an acknowledgement would have said, had it asked for one. */
    void hearsRefusal(String event, String code) {
      Heard heard = hears("error", "event", event, "ok", false);
      assertEquals(code, ((Map<?, ?>) heard.payload().get("error")).get("code"), heard::toString);
    }

    Handset hearsNothing() {
      assertEquals(List.of(), List.copyOf(device.heard), () -> id() + " hears something");
      return this;
    }

    /** Whatever it heard does not matter. */
    Handset forgetsWhatItHeard() {
      device.heard.clear();
      device.presence.clear();
      return this;
    }

    List<String> heardOfPresence() {
      var told = new ArrayList<String>();
      device.presence.forEach(
          heard -> told.add(heard.payload().get("userId") + " " + heard.payload().get("status")));
      device.presence.clear();
      return told;
    }
  }

  /** What a device was answered. */
  record Answered(String event, Map<String, Object> answer) {
    Answered isDone() {
      assertNull(answer.get("error"), () -> event + " was refused: " + answer);
      assertEquals(true, answer.get("ok"), () -> event + " was not answered");
      return this;
    }

    Answered isRefused(String code) {
      assertEquals(false, answer.get("ok"), () -> event + " was not refused: " + answer);
      assertEquals(code, ((Map<?, ?>) answer.get("error")).get("code"), answer::toString);
      assertNotNull(((Map<?, ?>) answer.get("error")).get("message"));
      return this;
    }

    Answered says(String field, Object value) {
      assertEquals(value, answer.get(field), () -> field + " in " + answer);
      return this;
    }

    Map<?, ?> call() {
      return (Map<?, ?>) ((List<?>) answer.get("calls")).getFirst();
    }
  }

  /** Two who talk: on the first devices of both. */
  String talking(Person caller, Person callee) {
    String id = caller.calls(callee);
    Handset there = callee.on("phone");
    there.rings();
    there.answers();
    there.isConnected();
    caller.on("phone").forgetsWhatItHeard();
    there.forgetsWhatItHeard();
    return id;
  }

  static void show(Person person, boolean audio) {
    person
        .on("phone")
        .saysOfTheCall("call-media", "audio", audio, "video", true, "screen", false)
        .isDone();
  }
}
