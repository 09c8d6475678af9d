package kith;

import static kith.testing.RawClient.patiently;
import static kith.testing.RawClient.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import kith.testing.KithServer;
import kith.testing.Person;
import kith.testing.RawClient;
import kith.testing.TestClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What someone may try against the calls of others on a whole server, and what does not come of it.
 */
class AttackTest {
  private static final String SDP = "v=0\r\n";

  private final List<RawClient> phones = new ArrayList<>();
  private KithServer kith;
  private Person alice;
  private Person bob;
  private Person mallory;
  private String circle;
  private RawClient alicesPhone;
  private RawClient bobsPhone;
  private RawClient bobsLaptop;
  private RawClient mallorysPhone;

  @BeforeEach
  void begin() {
    // Of what is limited nothing comes back meanwhile, however long a test takes.
    begin(new TestClock());
  }

  /** Three people, who share a circle, on a server with these settings. */
  private void begin(InstantSource clock, String... settings) {
    kith = KithServer.start(clock, settings);
    alice = kith.person("alice");
    circle = alice.makesCircle("Family");
    bob = joins("bob");
    mallory = joins("mallory");
    alicesPhone = connects(alice, "a1");
    bobsPhone = connects(bob, "b1");
    bobsLaptop = connects(bob, "b2");
    mallorysPhone = connects(mallory, "m1");
  }

  @AfterEach
  void stop() {
    phones.forEach(RawClient::close);
    phones.clear();
    kith.close();
  }

  private Person joins(String name) {
    Person person = kith.person(name);
    person.accepts(alice.invitesTo(circle)).isOk();
    return person;
  }

  private RawClient connects(Person person, String device) {
    RawClient phone = person.connects(kith.port(), device);
    phones.add(phone);
    return phone;
  }

  private String aliceCallsBob() {
    String call = UUID.randomUUID().toString();
    isDone(alicesPhone.says("call-offer", with("to", bob.id(), "callId", call)));
    bobsPhone.hears("call-offer");
    bobsLaptop.hears("call-offer");
    return call;
  }

  private String aliceTalksWithBob() {
    String call = aliceCallsBob();
    isDone(bobsPhone.says("call-answer", with("callId", call)));
    alicesPhone.hears("call-answer");
    bobsLaptop.hears("call-elsewhere");
    isDone(bobsPhone.says("call-connected", with("callId", call)));
    return call;
  }

  private static void isDone(JsonObject answer) {
    assertTrue(answer.getBoolean("ok"), answer::encode);
  }

  private static void isRefused(String code, JsonObject answer) {
    assertFalse(answer.getBoolean("ok"), answer::encode);
    assertEquals(code, answer.getJsonObject("error").getString("code"), answer::encode);
  }

  private static Map<String, Object> description(String type) {
    return with("type", type, "sdp", SDP);
  }

  private List<String> reasons(Person person) {
    return person.gets("/api/calls").isOk().list("calls").stream()
        .map(call -> (String) ((Map<?, ?>) call).get("reason"))
        .toList();
  }

  /** Whatever was sent before has been dealt with: what is answered now comes after it. */
  private static void hearsNothing(RawClient phone) {
    phone.says("call-resume", with("calls", List.of()));
    assertTrue(phone.heardNothing());
  }

  @Test
  void theCallerCannotAnswerNorConnectForTheCallee() {
    String call = aliceCallsBob();
    isRefused("forbidden", alicesPhone.says("call-answer", with("callId", call)));
    isRefused(
        "forbidden",
        alicesPhone.says("call-answer", with("to", bob.id(), "answer", description("answer"))));
    isRefused("conflict", alicesPhone.says("call-connected", with("callId", call)));
    isRefused("conflict", alicesPhone.says("call-quality", with("callId", call, "rttMs", 3)));
    hearsNothing(bobsPhone);
    assertEquals("ringing", alicesPhoneSees(call, "call-ringing"));
  }

  /** Bob rings; how the call stands then. */
  private String alicesPhoneSees(String call, String event) {
    isDone(bobsPhone.says(event, with("callId", call)));
    alicesPhone.hears(event);
    return alicesPhone
        .says("call-resume", with("calls", List.of(call)))
        .getJsonArray("calls")
        .getJsonObject(0)
        .getString("state");
  }

  @Test
  void whoIsNoPartyOfACallHasNoSayInIt() {
    String call = aliceTalksWithBob();
    for (String event : List.of("call-ringing", "call-answer", "call-decline", "end-call")) {
      isRefused("forbidden", mallorysPhone.says(event, with("callId", call)));
    }
    for (String device : List.of("a1", "b1", "b2")) {
      isRefused(
          "forbidden",
          mallorysPhone.says(
              "call-description",
              with("callId", call, "device", device, "description", description("offer"))));
      isRefused(
          "forbidden",
          mallorysPhone.says(
              "ice-candidate", with("callId", call, "device", device, "candidate", null)));
    }
    isRefused("forbidden", mallorysPhone.says("call-connected", with("callId", call)));
    isRefused("forbidden", mallorysPhone.says("call-quality", with("callId", call)));
    JsonObject resumed = mallorysPhone.says("call-resume", with("calls", List.of(call)));
    assertEquals("ended", resumed.getJsonArray("calls").getJsonObject(0).getString("state"));
    hearsNothing(alicesPhone);
    hearsNothing(bobsPhone);
  }

  @Test
  void anothersMicrophoneIsNotForOthersToMute() {
    String call = aliceTalksWithBob();
    var muted = with("callId", call, "audio", false, "video", false, "screen", false);
    isRefused("forbidden", mallorysPhone.says("call-media", muted));
    isRefused("conflict", bobsLaptop.says("call-media", muted));
    muted.put("from", bob.id());
    muted.put("device", "b1");
    isDone(alicesPhone.says("call-media", muted));
    JsonObject heard = bobsPhone.hears("call-media");
    assertEquals(alice.id(), heard.getString("from"));
    assertEquals("a1", heard.getString("device"));
    hearsNothing(alicesPhone);
  }

  @Test
  void aCallIdIsUsedOnce() {
    String call = aliceTalksWithBob();
    isRefused("conflict", mallorysPhone.says("call-offer", with("to", bob.id(), "callId", call)));
    isDone(alicesPhone.says("end-call", with("callId", call)));
    bobsPhone.hears("end-call");
    for (RawClient phone : List.of(alicesPhone, mallorysPhone)) {
      isRefused("conflict", phone.says("call-offer", with("to", bob.id(), "callId", call)));
    }
    isRefused("conflict", bobsPhone.says("call-answer", with("callId", call)));
    hearsNothing(bobsPhone);
    assertEquals(List.of("completed"), reasons(bob));
    assertEquals(List.of(), reasons(mallory));
  }

  @Test
  void ofTwoCallsWithOneIdOneIsRefused() {
    String call = UUID.randomUUID().toString();
    CompletableFuture<JsonObject> hers =
        alicesPhone.asks("call-offer", with("to", bob.id(), "callId", call));
    CompletableFuture<JsonObject> theirs =
        mallorysPhone.asks("call-offer", with("to", bob.id(), "callId", call));
    List<JsonObject> answers = List.of(patiently(hers), patiently(theirs));
    assertEquals(1, answers.stream().filter(answer -> answer.getBoolean("ok")).count());
    answers.stream()
        .filter(answer -> !answer.getBoolean("ok"))
        .forEach(answer -> isRefused("conflict", answer));
    bobsPhone.hears("call-offer");
    hearsNothing(bobsPhone);
  }

  @Test
  void anAnswerAfterTheRingTimeIsLate() {
    stop();
    begin(InstantSource.system(), "KITH_RING_SECONDS", "5");
    String call = aliceCallsBob();
    assertEquals("no_answer", bobsPhone.hears("end-call").getString("reason"));
    isRefused("conflict", bobsPhone.says("call-answer", with("callId", call)));
    assertEquals("no_answer", alicesPhone.hears("end-call").getString("reason"));
    hearsNothing(alicesPhone);
    assertEquals(List.of("no_answer"), reasons(bob));
  }

  @Test
  void whoIsRemovedFromTheCircleIsOutOfTheCall() {
    String call = aliceTalksWithBob();
    assertEquals(204, alice.deletes("/api/circles/" + circle + "/members/" + bob.id()).status());
    assertEquals("removed_from_circle", bobsPhone.hears("end-call").getString("reason"));
    assertEquals("removed_from_circle", alicesPhone.hears("end-call").getString("reason"));
    isRefused(
        "conflict",
        bobsPhone.says(
            "call-description",
            with("callId", call, "device", "a1", "description", description("offer"))));
    isRefused("conflict", bobsPhone.says("call-connected", with("callId", call)));
    isRefused("forbidden", bobsPhone.says("call-offer", with("to", alice.id())));
    hearsNothing(alicesPhone);
    assertEquals(List.of("removed_from_circle"), reasons(alice));
  }

  @Test
  void whoIsNotAnsweredMayNotRingOnAndOn() {
    int taken = 0;
    for (int i = 0; i < 20; i++) {
      String call = UUID.randomUUID().toString();
      JsonObject answer = mallorysPhone.says("call-offer", with("to", bob.id(), "callId", call));
      if (answer.getBoolean("ok")) {
        taken++;
        isDone(mallorysPhone.says("end-call", with("callId", call)));
      } else {
        isRefused("rate_limited", answer);
      }
    }
    assertTrue(taken >= 6 && taken < 20, "taken: " + taken);
    isDone(alicesPhone.says("call-offer", with("to", mallory.id())));
  }

  @Test
  void candidatesByTheMegabyteAreRefusedAndTheCallGoesOn() {
    String call = aliceTalksWithBob();
    var large = with("candidate", "candidate:" + "1".repeat(4_000), "sdpMid", "0");
    var flood = with("callId", call, "candidates", Collections.nCopies(64, large));
    int taken = 0;
    for (int i = 0; i < 20; i++) {
      JsonObject answer = alicesPhone.says("ice-candidate", flood);
      if (answer.getBoolean("ok")) {
        taken++;
      } else {
        isRefused("rate_limited", answer);
      }
    }
    assertEquals(7, taken, "of five megabytes, two may pass");
    isDone(
        alicesPhone.says(
            "call-media", with("callId", call, "audio", true, "video", true, "screen", false)));
    bobsPhone.awaits("call-media");
  }
}
