package kith.signaling;

import static java.time.temporal.ChronoUnit.MILLIS;
import static java.time.temporal.ChronoUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the shared vectors do not tell: the rules of calls where only the server knows. */
class CallRulesTest extends Story {

  @Test
  void aCallRingsForFortyFiveSecondsAndNoLonger() {
    alice.calls(bob);
    bob.on("phone").rings();
    alice.on("phone").hears("call-ringing");
    at(44_999, MILLIS);
    alice.on("phone").hearsNothing();
    at(45, SECONDS);
    alice.on("phone").hears("end-call", "reason", "no_answer");
    bob.on("phone").saysOfTheCall("call-answer").isRefused("conflict");
    assertEquals(List.of("no_answer"), alice.history());
  }

  @Test
  void aCallerWhoVanishesWhileItRingsHasTheGraceToComeBack() {
    String call = alice.calls(bob);
    alice.on("phone").device.disconnect();
    at(29, SECONDS);
    alice.on("phone").device.connect();
    alice.on("phone").resumes(call).isDone();
    at(44, SECONDS);
    bob.on("phone").rings();
    bob.on("phone").answers();
    assertEquals("connecting", alice.on("phone").resumes(call).call().get("state"));
  }

  @Test
  void aCallerWhoVanishesWhileItRingsAndStaysAwayRingsNoLonger() {
    alice.calls(bob);
    bob.on("phone").rings();
    alice.on("phone").device.disconnect();
    at(30, SECONDS);
    bob.on("phone").hears("end-call", "reason", "connection_lost");
    assertEquals(List.of("connection_lost"), bob.history());
  }

  @Test
  void aCalleeWhoseDevicesAllVanishIsRungAgainWhenOneComesBack() {
    alice.calls(bob);
    bob.on("phone").device.disconnect();
    bob.on("laptop").device.disconnect();
    bob.on("phone").forgetsWhatItHeard();
    at(20, SECONDS);
    bob.on("phone").device.connect();
    bob.on("phone").hears("call-offer", "expiresInMs", 25_000L);
  }

  @Test
  void aDeviceThatComesWhileItRingsGetsTheOfferAndTheCandidatesThereWere() {
    String id = callId(1);
    alice
        .on("phone")
        .says("call-offer", with("to", "bob", "callId", id, "offer", sdp("offer")))
        .isDone();
    for (int i = 0; i < 100; i++) {
      alice
          .on("phone")
          .says("ice-candidate", with("callId", id, "candidate", candidate(i)))
          .isDone();
    }
    Handset tablet = bob.buys("tablet");
    tablet.hears("call-offer", "offer", sdp("offer"));
    var candidates = (List<?>) tablet.hears("ice-candidate").payload().get("candidates");
    assertEquals(64, candidates.size());
    tablet.hearsNothing();
  }

  @Test
  void whatTheCallerSaysItSendsIsHeardByWhoAnswers() {
    alice.calls(bob);
    alice
        .on("phone")
        .saysOfTheCall("call-media", "audio", true, "video", false, "screen", false)
        .isDone();
    bob.on("laptop").rings();
    bob.on("phone").rings();
    bob.on("phone").hearsNothing();
    bob.on("phone").answers();
    bob.on("phone").hears("call-media", "audio", true, "video", false, "from", "alice");
    bob.on("laptop").hears("call-elsewhere");
    bob.on("laptop").hearsNothing();
  }

  @Test
  void aDeviceThatCountsGetsWhatItMissedOnAConnectionThatDiedUnnoticed() {
    String call = talking(alice, bob);
    Handset phone = bob.on("phone");
    show(alice, false);
    long received = (long) phone.hears("call-media").payload().get("seq");
    phone.device.goesDeaf();
    show(alice, true);
    show(alice, false);
    phone.device.connect();
    phone.resumes(call, received).isDone();
    phone.hears("call-state", "state", "active");
    phone.hears("call-media", "audio", true, "seq", received + 1);
    phone.hears("call-media", "audio", false, "seq", received + 2);
    phone.hearsNothing();
    show(alice, true);
    phone.hears("call-media", "audio", true, "seq", received + 3);
  }

  @Test
  void aDeviceThatIsBackButHasNotResumedIsToldNothingOfTheCall() {
    String call = talking(alice, bob);
    Handset phone = bob.on("phone");
    phone.device.disconnect();
    phone.device.connect();
    show(alice, false);
    phone.hearsNothing();
    phone.resumes(call).isDone();
    phone.hears("call-state");
    phone.hears("call-media", "audio", false);
  }

  @Test
  void whoComesBackIsToldWhatWasHeardOfTheirMedia() {
    String call = talking(alice, bob);
    Handset phone = alice.on("phone");
    phone.device.disconnect();
    phone.device.connect();
    phone.resumes(call).isDone();
    assertEquals(false, phone.hears("call-state").payload().containsKey("ownMedia"));
    show(alice, false);
    phone.device.disconnect();
    phone.device.connect();
    phone.resumes(call).isDone();
    phone.hears("call-state", "ownMedia", with("audio", false, "video", true, "screen", false));
  }

  @Test
  void aDeviceThatIsBackButNeverResumesLosesTheCall() {
    talking(alice, bob);
    at(10, SECONDS);
    bob.on("phone").device.disconnect();
    bob.on("phone").device.connect();
    at(40, SECONDS);
    alice.on("phone").hears("peer-connection", "state", "reconnecting");
    alice.on("phone").hears("end-call", "reason", "connection_lost");
  }

  @Test
  void anotherDeviceCannotResumeACallThatWasTakenElsewhere() {
    String call = talking(alice, bob);
    var standing = bob.on("laptop").resumes(call).isDone().call();
    assertEquals("ended", standing.get("state"));
    assertEquals("answered", standing.get("outcome"));
    assertEquals("bob-phone", standing.get("device"));
    assertEquals("Browser bob-phone", standing.get("deviceName"));
    assertEquals(List.of(), alice.history());
    bob.on("phone").hangsUp();
    var over = bob.on("laptop").resumes(call).isDone().call();
    assertEquals("completed", over.get("reason"));
    assertEquals("Browser bob-phone", over.get("deviceName"));
    assertEquals(false, alice.on("phone").resumes(call).isDone().call().containsKey("outcome"));
    assertEquals(false, bob.on("phone").resumes(call).isDone().call().containsKey("outcome"));
  }

  @Test
  void whoComesBackToACallThatIsOverIsToldAgainOfTheOneThatRings() {
    String over = talking(alice, bob);
    bob.on("phone").device.disconnect();
    alice.on("phone").hangsUp();
    String call = alice.calls(bob);
    bob.on("phone").device.connect();
    bob.on("phone").hears("call-offer", "callId", call);
    assertEquals("ended", bob.on("phone").resumes(over).isDone().call().get("state"));
    long received = (long) bob.on("phone").hears("call-offer", "callId", call).payload().get("seq");
    bob.on("phone").hearsNothing();
    assertEquals("offered", bob.on("phone").resumes(call, received).isDone().call().get("state"));
    bob.on("phone").hears("call-state");
    bob.on("phone").hearsNothing();
  }

  @Test
  void whoResumesACallNobodyKnowsIsToldItIsOver() {
    assertEquals("ended", alice.on("phone").resumes(callId(9)).isDone().call().get("state"));
  }

  @Test
  void howACallEndedIsKnownLongAfter() {
    String call = talking(alice, bob);
    alice.on("phone").hangsUp();
    at(3600, SECONDS);
    var standing = bob.on("phone").resumes(call).isDone().call();
    assertEquals("ended", standing.get("state"));
    assertEquals("completed", standing.get("reason"));
    assertEquals("ended", carol.on("phone").resumes(call).isDone().call().get("state"));
  }

  @Test
  void whoDidNotHearThatTheirOfferWasAnAnswerHearsItWhenTheyResume() {
    bob.on("phone").calls(alice, callId(2)).isDone();
    long received = (long) alice.on("phone").hears("call-offer").payload().get("seq");
    alice.on("phone").calls(bob, callId(9)).isDone().says("callId", callId(2));
    alice.on("phone").device.disconnect();
    alice.on("phone").forgetsWhatItHeard().device.connect();
    alice.on("phone").resumes(callId(9), received).isDone();
    alice.on("phone").hears("call-state", "callId", callId(2), "state", "connecting");
    alice.on("phone").hears("end-call", "callId", callId(9), "replacedBy", callId(2));
    alice.on("phone").hears("call-offer", "callId", callId(2), "replaces", callId(9));
    alice.on("phone").hearsNothing();
  }

  @Test
  void whoCallsTheirCallerWhoIsAwayHearsThatTheyAre() {
    for (String mine : List.of(callId(2), callId(9))) {
      begin();
      bob.on("phone").calls(alice, callId(5)).isDone();
      bob.on("phone")
          .saysOfTheCall("call-media", "audio", true, "video", false, "screen", false)
          .isDone();
      bob.on("phone").device.disconnect();
      Handset phone = alice.on("phone");
      phone.rings();
      String call = mine.equals(callId(2)) ? mine : callId(5);
      phone.calls(bob, mine).isDone().says("callId", call).says("state", "reconnecting");
      if (call.equals(mine)) {
        phone.hears("end-call", "callId", callId(5));
        phone.hears("call-answer", "callId", call);
      }
      phone.hears("call-media", "callId", call, "video", false);
      phone.hears("peer-connection", "callId", call, "state", "reconnecting");
      phone.hearsNothing();
    }
  }

  @Test
  void aPersonCanCallAgainAtOnceWhenACallIsOver() {
    talking(alice, bob);
    alice.on("phone").hangsUp();
    bob.on("phone").hears("end-call");
    bob.on("phone").calls(alice, callId(5)).isDone().says("state", "offered");
    alice.on("phone").rings();
  }

  @Test
  void aDeviceThatCallsSomeoneElseLeavesTheCallItIsIn() {
    talking(alice, bob);
    at(10, SECONDS);
    alice.on("phone").calls(carol, callId(5)).isDone().says("state", "offered");
    bob.on("phone").hears("end-call", "reason", "replaced", "durationMs", 10_000L);
    carol.on("phone").rings();
    assertEquals(List.of("replaced"), alice.history());
  }

  @Test
  void anotherDeviceOfSomeoneWhoTalksCannotCall() {
    talking(alice, bob);
    bob.on("laptop").calls(carol, callId(5)).isRefused("busy");
    carol.on("phone").hearsNothing();
    assertEquals(List.of(), bob.history());
  }

  @Test
  void anotherDeviceMayCallWhenTheOneThatTalkedIsGone() {
    talking(alice, bob);
    bob.on("phone").device.disconnect();
    bob.on("laptop").calls(carol, callId(5)).isDone();
    carol.on("phone").rings();
    assertEquals(List.of("replaced"), alice.history());
  }

  @Test
  void whoIsRungIsBusyToAThird() {
    alice.calls(bob);
    bob.on("phone").rings();
    carol.on("phone").calls(bob, callId(5)).isDone().says("reason", "busy");
    carol.on("phone").hears("end-call", "reason", "busy");
    bob.on("phone").hearsNothing();
    bob.on("phone").answers();
    alice.on("phone").hears("call-ringing");
    alice.on("phone").hears("call-answer");
  }

  @Test
  void whoIsRungCannotCallAThirdMeanwhile() {
    alice.calls(bob);
    bob.on("phone").calls(carol, callId(5)).isRefused("busy");
    bob.on("phone").rings();
  }

  @Test
  void theSameOfferAgainIsTheSameCall() {
    String call = alice.calls(bob);
    alice.on("phone").calls(bob, call).isDone().says("callId", call).says("state", "offered");
    bob.on("phone").rings();
    bob.on("phone").hearsNothing();
  }

  @Test
  void aDeviceThatIsInUseRefusesAsBusy() {
    alice.calls(bob);
    bob.on("phone").rings();
    bob.on("phone").saysOfTheCall("call-decline", "reason", "busy").isDone();
    alice.on("phone").hears("call-ringing");
    alice.on("phone").hears("call-decline", "from", "bob", "device", "bob-phone");
    alice.on("phone").hears("end-call", "reason", "busy");
  }

  @Test
  void aConnectionThatFailsForGoodEndsTheCallForThatReason() {
    alice.calls(bob);
    bob.on("phone").rings();
    bob.on("phone").answers();
    bob.on("phone").saysOfTheCall("end-call", "reason", "connect_failed").isDone();
    assertEquals(List.of("connect_failed"), alice.history());
  }

  @Test
  void whoTakesACallAndCannotConnectBeforeAnsweringDoesNotDeclineIt() {
    alice.calls(bob);
    bob.on("phone").rings();
    bob.on("laptop").rings();
    alice.on("phone").forgetsWhatItHeard();
    bob.on("phone").saysOfTheCall("end-call", "reason", "connect_failed").isDone();
    alice.on("phone").hears("end-call", "reason", "connect_failed", "by", "bob");
    bob.on("laptop").hears("end-call", "reason", "connect_failed");
    bob.on("phone").hearsNothing();
    assertEquals(List.of("connect_failed"), bob.history());
  }

  @Test
  void aReasonThatIsNotTheClientsToGiveIsNotTaken() {
    talking(alice, bob);
    alice.on("phone").saysOfTheCall("end-call", "reason", "removed_from_circle").isDone();
    bob.on("phone").hears("end-call", "reason", "completed", "by", "alice");
  }

  @Test
  void descriptionsGoBetweenTheTwoDevicesTheyAreFor() {
    alice.calls(bob);
    bob.on("phone").rings();
    bob.on("laptop").rings();
    alice
        .on("phone")
        .saysOfTheCall("call-description", "device", "bob-laptop", "description", sdp("offer"))
        .isDone();
    bob.on("phone").hearsNothing();
    bob.on("laptop")
        .hears(
            "call-description",
            "from",
            "alice",
            "device",
            "alice-phone",
            "description",
            sdp("offer"));
    bob.on("laptop")
        .saysOfTheCall("call-description", "device", "alice-phone", "description", sdp("answer"))
        .isDone();
    alice.on("phone").hears("call-ringing");
    alice.on("phone").hears("call-ringing");
    alice.on("phone").hears("call-description", "device", "bob-laptop");
  }

  @Test
  void candidatesForADeviceThatDidNotAnswerGoNowhereAndAreNoError() {
    alice.calls(bob);
    bob.on("phone").rings();
    bob.on("laptop").rings();
    bob.on("phone").answers();
    bob.on("laptop").hears("call-elsewhere");
    alice
        .on("phone")
        .saysOfTheCall("ice-candidate", "device", "bob-laptop", "candidate", candidate(1))
        .isDone();
    bob.on("laptop").hearsNothing();
    bob.on("phone").hearsNothing();
  }

  @Test
  void candidatesAreHeardAsTheyWereSaid() {
    talking(alice, bob);
    alice.on("phone").saysOfTheCall("ice-candidate", "candidate", candidate(1)).isDone();
    bob.on("phone").hears("ice-candidate", "candidate", candidate(1));
    alice.on("phone").saysOfTheCall("ice-candidate", "candidate", null).isDone();
    assertTrue(bob.on("phone").hears("ice-candidate").payload().containsKey("candidate"));
    alice
        .on("phone")
        .saysOfTheCall("ice-candidate", "candidates", List.of(candidate(2), candidate(3)))
        .isDone();
    bob.on("phone").hears("ice-candidate", "candidates", List.of(candidate(2), candidate(3)));
  }

  @Test
  void whoAnswersIsGivenIceServersAndWhoCallsToo() {
    var ofAlice =
        alice
            .on("phone")
            .says("call-offer", with("to", "bob", "callId", callId(1)))
            .isDone()
            .answer();
    assertEquals("alice", username(ofAlice));
    assertEquals(world.time.millis() + 45_000, ofAlice.get("expiresAt"));
    assertEquals("bob", username(bob.on("phone").rings().payload()));
    assertEquals("bob", username(bob.on("phone").saysOfTheCall("call-answer").answer()));
  }

  private static Object username(Map<String, Object> payload) {
    return ((Map<?, ?>) ((List<?>) payload.get("iceServers")).getFirst()).get("username");
  }
}
