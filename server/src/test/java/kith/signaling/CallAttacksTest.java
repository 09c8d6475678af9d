package kith.signaling;

import static java.time.temporal.ChronoUnit.MILLIS;
import static java.time.temporal.ChronoUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import kith.auth.UserId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client may try, and what does not come of it. */
class CallAttacksTest extends Story {
  private static final List<String> EVENTS =
      List.of(
          "call-offer",
          "call-ringing",
          "call-answer",
          "call-decline",
          "end-call",
          "call-description",
          "ice-candidate",
          "call-media",
          "call-hold",
          "call-connected",
          "call-leave",
          "call-quality",
          "call-resume",
          "token-refresh");

  private List<Map<String, Object>> everythingOneCanSayOf(String call) {
    return List.of(
        with("event", "call-ringing"),
        with("event", "call-answer", "answer", sdp("answer")),
        with("event", "call-decline"),
        with("event", "end-call"),
        with("event", "call-description", "device", "bob-phone", "description", sdp("offer")),
        with("event", "call-description", "device", "alice-phone", "description", sdp("offer")),
        with("event", "ice-candidate", "candidate", candidate(1)),
        with("event", "ice-candidate", "device", "bob-phone", "candidate", candidate(1)),
        with("event", "call-media", "audio", false, "video", false, "screen", false),
        with("event", "call-hold", "held", true),
        with("event", "call-hold", "held", false),
        with("event", "call-connected"),
        with("event", "call-leave"),
        with("event", "call-quality", "rttMs", 3));
  }

  @Test
  void whoIsNoPartyOfACallIsForbiddenEverythingInIt() {
    String call = alice.calls(bob);
    bob.on("phone").rings();
    alice.on("phone").forgetsWhatItHeard();
    strangerTriesEverythingIn(call);
    bob.on("phone").answers();
    alice.on("phone").forgetsWhatItHeard();
    bob.on("laptop").forgetsWhatItHeard();
    strangerTriesEverythingIn(call);
  }

  private void strangerTriesEverythingIn(String call) {
    for (var message : everythingOneCanSayOf(call)) {
      message.put("callId", call);
      carol.on("phone").says((String) message.get("event"), message).isRefused("forbidden");
    }
    assertEquals("ended", carol.on("phone").resumes(call).call().get("state"));
    alice.on("phone").hearsNothing();
    bob.on("phone").hearsNothing();
    carol.on("phone").hearsNothing();
  }

  @Test
  void anOfferThatIsMadeAnewInARunningCallIsNoOtherCall() {
    String call = alice.calls(bob);
    for (int i = 0; i < 20; i++) {
      var again =
          with("to", "bob", "callId", call, "offer", Map.of("type", "offer", "sdp", "" + i));
      alice.on("phone").says("call-offer", again).isDone();
    }
  }

  @Test
  void aDeviceThatSaysOnAndOnThatItRingsIsHeardAFewTimesOnly() {
    String call = alice.calls(bob);
    Handset phone = bob.on("phone");
    for (int i = 0; i < 8; i++) {
      phone.says("call-ringing", with("callId", call)).isDone();
      alice.on("phone").hears("call-ringing");
    }
    phone.device.disconnect();
    phone.device.connect();
    phone.says("call-ringing", with("callId", call)).isRefused("rate_limited");
    alice.on("phone").hearsNothing();
    bob.on("laptop").rings();
    alice.on("phone").hears("call-ringing", "device", "bob-laptop");
    phone.says("call-answer", with("callId", call)).isDone();
  }

  @Test
  void aCalleeWhoComesWithEverOtherDevicesIsRungOnTheLatest() {
    alice.calls(bob);
    for (int i = 0; i < 100; i++) {
      Handset another = bob.buys("device" + i);
      another.hears("call-offer");
      another.device.disconnect();
    }
    assertEquals(32, world.callsOf(new UserId("bob")).getFirst().ringers().size());
    bob.on("phone").rings();
    bob.on("device0").device.connect();
    bob.on("device0").rings();
    bob.on("device0").answers();
    bob.on("phone").hears("call-elsewhere", "device", "bob-device0");
  }

  @Test
  void aCallIdIsNoWayToCallSomebodyElse() {
    String call = alice.calls(bob);
    bob.on("phone").rings();
    alice.on("phone").forgetsWhatItHeard();
    var toCarol = with("to", "carol", "callId", call, "offer", sdp("offer"));
    alice.on("phone").says("call-offer", toCarol).isRefused("conflict");
    bob.on("phone").hearsNothing();
    bob.on("phone").answers();
    alice.on("phone").says("call-offer", toCarol).isRefused("conflict");
    bob.on("phone").hearsNothing();
    carol.on("phone").hearsNothing();
    assertEquals("in-call", bob.isSeen().wire());
  }

  @Test
  void aCallerCannotAnswerForTheCallee() {
    String call = alice.calls(bob);
    Handset laptop = alice.buys("laptop");
    for (Handset own : List.of(alice.on("phone"), laptop)) {
      own.says("call-answer", with("callId", call)).isRefused("forbidden");
      own.says("call-answer", with("to", "bob")).isRefused("forbidden");
      own.says("call-ringing", with("callId", call)).isRefused("forbidden");
      own.says("call-decline", with("callId", call)).isRefused("forbidden");
    }
    alice.on("phone").says("call-connected", with("callId", call)).isRefused("conflict");
    laptop.says("end-call", with("callId", call)).isRefused("forbidden");
    bob.on("phone").rings();
    bob.on("phone").hearsNothing();
    assertEquals("online", bob.isSeen().wire());
  }

  @Test
  void aCalleeSaysNothingOfMediaBeforeItAnswers() {
    alice.calls(bob);
    bob.on("phone").rings();
    bob.on("phone").saysOfTheCall("call-connected").isRefused("conflict");
    bob.on("phone")
        .saysOfTheCall("call-media", "audio", true, "video", true, "screen", false)
        .isRefused("conflict");
    alice.on("phone").hears("call-ringing");
    alice.on("phone").hearsNothing();
  }

  @Test
  void aDeviceThatDidNotAnswerCannotTouchTheCall() {
    String call = talking(alice, bob);
    bob.on("laptop").forgetsWhatItHeard();
    for (var message : everythingOneCanSayOf(call)) {
      message.put("callId", call);
      bob.on("laptop").says((String) message.get("event"), message).isRefused("conflict");
    }
    alice.on("phone").hearsNothing();
    bob.on("phone").hearsNothing();
    assertEquals("in-call", bob.isSeen().wire());
  }

  @Test
  void aForgedDeviceIsForbidden() {
    alice.calls(bob);
    bob.on("phone").rings();
    alice.on("phone").hears("call-ringing");
    for (String device : List.of("carol-phone", "alice-phone", "nobody's")) {
      alice
          .on("phone")
          .saysOfTheCall("call-description", "device", device, "description", sdp("offer"))
          .isRefused("forbidden");
      alice
          .on("phone")
          .saysOfTheCall("ice-candidate", "device", device, "candidate", candidate(1))
          .isRefused("forbidden");
    }
    bob.on("phone")
        .saysOfTheCall("ice-candidate", "device", "carol-phone", "candidate", candidate(1))
        .isRefused("forbidden");
    bob.on("phone").answers();
    alice.on("phone").hears("call-answer");
    alice
        .on("phone")
        .saysOfTheCall("call-description", "device", "carol-phone", "description", sdp("offer"))
        .isRefused("forbidden");
    bob.on("phone").hearsNothing();
    carol.on("phone").hearsNothing();
  }

  @Test
  void whatAClientClaimsToBeIsIgnored() {
    alice
        .on("phone")
        .says(
            "call-offer",
            with("to", "bob", "callId", callId(1), "from", "carol", "device", "x", "name", "Mum"))
        .isDone();
    bob.on("phone")
        .hears("call-offer", "from", "alice", "device", "alice-phone", "name", "Name of alice");
  }

  @Test
  void aCallIdIsUsedOnce() {
    String call = talking(alice, bob);
    alice.on("phone").hangsUp();
    alice.on("phone").calls(bob, call).isRefused("conflict");
    carol.on("phone").calls(bob, call).isRefused("conflict");
    at(3600, SECONDS);
    alice.on("phone").calls(bob, call).isRefused("conflict");
    carol.on("phone").calls(bob, call).isRefused("conflict");
    world.serverCrashesAndComesBack();
    alice.on("phone").device.connect();
    bob.on("phone").device.connect();
    alice.on("phone").calls(bob, call).isRefused("conflict");
    assertEquals(List.of("completed"), bob.history());
  }

  @Test
  void theCallIdOfARunningCallIsNobodyElsesToUse() {
    String call = alice.calls(bob);
    carol.on("phone").calls(alice, call).isRefused("conflict");
    bob.on("phone").rings();
    bob.on("phone").answers();
    carol.on("phone").calls(alice, call).isRefused("conflict");
    assertEquals("in-call", alice.isSeen().wire());
  }

  @Test
  void theCallIdThatLostToAnotherIsNotUsedAgain() {
    alice.on("phone").calls(bob, callId(9)).isDone();
    bob.on("phone").calls(alice, callId(2)).isDone().says("callId", callId(2));
    carol.on("phone").calls(alice, callId(9)).isRefused("conflict");
    bob.on("phone").says("end-call", with("callId", callId(9))).isDone();
    assertEquals(List.of("completed"), alice.history());
    at(3600, SECONDS);
    carol.on("phone").calls(alice, callId(9)).isRefused("conflict");
  }

  @Test
  void onlyWhoSharesACircleCanBeCalled() {
    world.leaveCircle("carol");
    carol.on("phone").calls(bob, callId(1)).isRefused("forbidden");
    alice.on("phone").calls(carol, callId(2)).isRefused("forbidden");
    alice
        .on("phone")
        .says("call-offer", with("to", "bob", "circleId", callId(77)))
        .isRefused("forbidden");
    alice.on("phone").says("call-offer", with("to", "nobody")).isRefused("not_found");
    alice.on("phone").calls(alice, callId(3)).isRefused("bad_request");
    bob.on("phone").hearsNothing();
    assertEquals(List.of(), alice.history());
  }

  @Test
  void anEndedCallTakesNothingMore() {
    String call = talking(alice, bob);
    bob.on("phone").hangsUp();
    alice.on("phone").hears("end-call");
    for (var message : everythingOneCanSayOf(call)) {
      message.put("callId", call);
      for (Person person : List.of(alice, bob)) {
        person.on("phone").says((String) message.get("event"), message);
      }
    }
    alice.on("phone").hearsNothing();
    bob.on("phone").hearsNothing();
    assertEquals(List.of("completed"), alice.history());
    assertEquals("online", alice.isSeen().wire());
  }

  @Test
  void aMegabyteOfSdpIsTooLargeAndTheConnectionLives() {
    Map<String, Object> huge = Map.of("type", "offer", "sdp", "x".repeat(1_048_576));
    alice.on("phone").says("call-offer", with("to", "bob", "offer", huge)).isRefused("too_large");
    bob.on("phone").hearsNothing();
    talking(alice, bob);
    alice
        .on("phone")
        .saysOfTheCall("call-description", "device", "bob-phone", "description", huge)
        .isRefused("too_large");
    bob.on("phone").hearsNothing();
    assertFalse(alice.on("phone").device.wasClosed());
  }

  @Test
  void candidatesByTheMegabyteAreRefused() {
    talking(alice, bob);
    Handset phone = alice.on("phone");
    phone
        .saysOfTheCall("ice-candidate", "candidate", Map.of("candidate", "x".repeat(5_000)))
        .isRefused("too_large");
    phone
        .saysOfTheCall("ice-candidate", "candidates", Collections.nCopies(65, candidate(1)))
        .isRefused("bad_request");
    phone.saysOfTheCall("ice-candidate", "candidates", List.of()).isRefused("bad_request");
    bob.on("phone").hearsNothing();
  }

  @Test
  void aThousandCallsOfOneUserAreLimited() {
    List<String> friends = IntStream.range(0, 100).mapToObj(i -> "friend" + i).toList();
    friends.forEach(friend -> new Person(friend, friend));
    int taken = 0;
    for (int i = 0; i < 1_000; i++) {
      taken += rings(alice.on("phone"), friends.get(i % 100), callId(1_000 + i));
      later(100, MILLIS);
    }
    assertTrue(taken >= 60 && taken <= 60 + 100, taken + " in 100 seconds");
    at(160, SECONDS);
    alice.on("phone").calls(bob, callId(5_000)).isDone();
  }

  @Test
  void aThousandCallsAtOneUserAreLimitedFromWhomeverTheyAre() {
    int taken = 0;
    for (int caller = 0; caller < 20; caller++) {
      Person one = new Person("caller" + caller, "caller" + caller);
      for (int i = 0; i < 50; i++) {
        taken += rings(one.on("caller" + caller), "bob", callId(1_000 + 50 * caller + i));
      }
    }
    assertEquals(120, taken);
    bob.on("phone").calls(carol, callId(5_000)).isDone();
    at(60, SECONDS);
    bob.on("phone").hangsUp();
    alice.on("phone").calls(bob, callId(5_001)).isDone();
  }

  /** Calls someone for a moment; 1 if that was let through. */
  private int rings(Handset phone, String to, String call) {
    var answer = phone.says("call-offer", with("to", to, "callId", call)).answer();
    phone.says("end-call", with("callId", call));
    return answer.get("ok").equals(true) ? 1 : 0;
  }

  @Test
  void aFloodIsRefusedAndThenClosed() {
    Handset phone = alice.on("phone");
    for (int i = 0; i < 300; i++) {
      phone.says("call-ringing", with("callId", callId(1))).isRefused("not_found");
    }
    phone.says("call-ringing", with("callId", callId(1))).isRefused("rate_limited");
    at(10, SECONDS);
    phone.says("call-ringing", with("callId", callId(1))).isRefused("not_found");
    for (int i = 0; i < 1_000 && !phone.device.wasClosed(); i++) {
      phone.says("call-ringing", with("callId", callId(1)));
    }
    assertTrue(phone.device.wasClosed());
    assertFalse(bob.on("phone").device.wasClosed());
  }

  @Test
  void noPayloadBreaksAnything() {
    List<Object> junk =
        new ArrayList<>(
            Arrays.asList(null, "", "text", 7, -1.5, true, List.of(), List.of(1), Map.of()));
    for (Object inner :
        Arrays.asList(null, "", "x".repeat(10_000), 1e300, true, List.of(), Map.of())) {
      for (String field :
          List.of(
              "to",
              "callId",
              "circleId",
              "media",
              "offer",
              "answer",
              "device",
              "description",
              "candidate",
              "candidates",
              "audio",
              "held",
              "calls",
              "received",
              "token",
              "reason")) {
        junk.add(with("callId", callId(1), field, inner));
        junk.add(with("to", "bob", field, inner));
      }
    }
    Handset phone = alice.on("phone");
    for (String event : EVENTS) {
      for (Object payload : junk) {
        later(2, SECONDS);
        var answer = phone.says(event, payload).answer();
        assertTrue(answer.containsKey("ok"), () -> event + " " + payload + " was not answered");
      }
    }
    assertFalse(phone.device.wasClosed());
    phone.says("end-call", with("to", "bob"));
    bob.on("phone").forgetsWhatItHeard();
    talking(alice, bob);
  }

  @ParameterizedTest
  @ValueSource(strings = {"call-offers", "connect", "disconnect", "constructor", "__proto__", ""})
  void anEventNobodyKnowsIsABadRequest(String event) {
    alice.on("phone").says(event, with("to", "bob")).isRefused("bad_request");
  }

  @Test
  void aReportHoldsWhatIsListedAndNothingElse() {
    talking(alice, bob);
    Handset phone = alice.on("phone");
    phone
        .saysOfTheCall(
            "call-quality", "rttMs", 20, "relayed", true, "codec", "VP8", "deep", Map.of("a", 1))
        .isDone();
    for (Object wrong : List.of(-1, 60_001, "20", true, Double.NaN, List.of(20), Map.of("a", 1))) {
      phone.saysOfTheCall("call-quality", "lossPct", 3, "rttMs", wrong).isRefused("bad_request");
    }
    phone.saysOfTheCall("call-quality", "quality", "splendid").isRefused("bad_request");
    phone.saysOfTheCall("call-quality", "quality", 1).isRefused("bad_request");
    phone.saysOfTheCall("call-quality", "relayed", "yes").isRefused("bad_request");
    phone.hangsUp();
    assertEquals(
        List.of("{\"relayed\":true,\"rttMs\":20}"),
        database.read(
            handle ->
                handle.createQuery("SELECT caller_report FROM calls").mapTo(String.class).list()));
  }
}
