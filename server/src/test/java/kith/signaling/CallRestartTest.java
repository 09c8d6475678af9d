package kith.signaling;

import static java.time.temporal.ChronoUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import kith.auth.UserId;
import org.junit.jupiter.api.Test;

/** What becomes of calls when the server dies and comes back. */
class CallRestartTest extends Story {

  @Test
  void aRunningCallSurvivesTheServer() {
    String call = talking(alice, bob);
    at(60, SECONDS);
    world.serverCrashesAndComesBack();
    at(70, SECONDS);
    alice.on("phone").device.connect();
    assertEquals("reconnecting", alice.on("phone").resumes(call, 7).isDone().call().get("state"));
    alice.on("phone").hears("call-state", "state", "reconnecting", "peer", "bob");
    alice.on("phone").hears("call-answer", "device", "bob-phone");
    at(80, SECONDS);
    bob.on("phone").device.connect();
    assertEquals("active", bob.on("phone").resumes(call, 9).isDone().call().get("state"));
    alice.on("phone").hears("peer-connection", "state", "reconnected");
    show(alice, false);
    bob.on("phone").hears("call-state");
    bob.on("phone").hears("peer-connection");
    bob.on("phone").hears("call-media", "audio", false);
    at(90, SECONDS);
    alice.on("phone").hangsUp();
    bob.on("phone").hears("end-call", "reason", "completed", "durationMs", 90_000L);
    world.serverCrashesAndComesBack();
    at(300, SECONDS);
    assertEquals(List.of("completed"), alice.history());
    assertEquals(List.of("completed"), bob.history());
  }

  @Test
  void aRunningCallThatNobodyComesBackToEndsOnce() {
    talking(alice, bob);
    world.serverCrashesAndComesBack();
    at(20, SECONDS);
    world.serverCrashesAndComesBack();
    at(49, SECONDS);
    assertEquals(List.of(), alice.history());
    at(50, SECONDS);
    assertEquals(List.of("connection_lost"), alice.history());
    world.serverCrashesAndComesBack();
    at(300, SECONDS);
    assertEquals(List.of("connection_lost"), alice.history());
  }

  @Test
  void aCallThatRangRingsOnAfterARestart() {
    String call = alice.calls(bob);
    bob.on("phone").rings();
    at(5, SECONDS);
    world.serverCrashesAndComesBack();
    alice.on("phone").forgetsWhatItHeard().device.connect();
    alice.on("phone").resumes(call).isDone();
    bob.on("phone").device.connect();
    bob.on("phone").hears("call-offer", "callId", call, "expiresInMs", 40_000L);
    bob.on("phone").answers();
    alice.on("phone").hears("call-state");
    alice.on("phone").hears("call-answer", "device", "bob-phone");
  }

  @Test
  void whoIsRungAfterARestartIsToldWhoCallsThoughTheCallerIsNotBack() {
    String call = alice.calls(bob);
    world.serverCrashesAndComesBack();
    bob.on("phone").forgetsWhatItHeard().device.connect();
    bob.on("phone").hears("call-offer", "callId", call, "from", "alice", "name", "Name of alice");
  }

  @Test
  void aCallerThatWasAwayLearnsOfTheAnswerThoughTheServerDied() {
    String call = alice.calls(bob);
    alice.on("phone").device.disconnect();
    bob.on("phone").rings();
    bob.on("phone").answers();
    world.serverCrashesAndComesBack();
    alice.on("phone").device.connect();
    alice.on("phone").resumes(call, 3).isDone();
    alice.on("phone").hears("call-state", "state", "reconnecting", "device", "bob-phone");
    alice
        .on("phone")
        .hears("call-answer", "callId", call, "device", "bob-phone", "name", "Name of bob");
    alice.on("phone").hearsNothing();
  }

  @Test
  void whoseCallBecameOneWithAnotherLearnsSoThoughTheServerDied() {
    bob.on("phone").calls(alice, callId(9)).isDone();
    bob.on("phone").device.disconnect();
    alice.on("phone").calls(bob, callId(2)).isDone().says("callId", callId(2));
    world.serverCrashesAndComesBack();
    bob.on("phone").device.connect();
    bob.on("phone").resumes(callId(9), 0).isDone();
    bob.on("phone").hears("call-state", "callId", callId(2));
    bob.on("phone")
        .hears("end-call", "callId", callId(9), "reason", "replaced", "replacedBy", callId(2));
    bob.on("phone")
        .hears(
            "call-offer",
            "callId",
            callId(2),
            "replaces",
            callId(9),
            "state",
            "reconnecting",
            "name",
            "Name of alice");
    bob.on("phone").hearsNothing();
  }

  @Test
  void whoseOfferWasAnAnswerLearnsSoThoughTheServerDied() {
    bob.on("phone").calls(alice, callId(2)).isDone();
    alice.on("phone").calls(bob, callId(9)).isDone().says("callId", callId(2));
    world.serverCrashesAndComesBack();
    alice.on("phone").forgetsWhatItHeard().device.connect();
    alice.on("phone").resumes(callId(9), 0).isDone();
    alice.on("phone").hears("call-state", "callId", callId(2));
    alice.on("phone").hears("end-call", "callId", callId(9), "replacedBy", callId(2));
    alice.on("phone").hears("call-offer", "callId", callId(2), "replaces", callId(9));
  }

  @Test
  void whoCallsBackByTheSameNameIsNotToldThatTheCallBecameAnother() {
    bob.on("phone").calls(alice, callId(2)).isDone();
    alice.on("phone").calls(bob, callId(2)).isDone().says("state", "connecting");
    world.serverCrashesAndComesBack();
    alice.on("phone").forgetsWhatItHeard().device.connect();
    alice.on("phone").resumes(callId(2), 0).isDone();
    alice.on("phone").hears("call-state", "callId", callId(2));
    alice.on("phone").hearsNothing();
  }

  @Test
  void whichDeviceTookTheCallIsKnownByNameAfterARestartAndLongAfterTheEnd() {
    String call = alice.calls(bob);
    bob.on("laptop").device.disconnect();
    bob.on("phone").rings();
    bob.on("phone").answers();
    world.serverCrashesAndComesBack();
    bob.on("laptop").device.connect();
    assertEquals(
        "Browser bob-phone", bob.on("laptop").resumes(call).isDone().call().get("deviceName"));
    at(30, SECONDS);
    assertEquals(List.of("connection_lost"), bob.history());
    at(3_600, SECONDS);
    var longAfter = bob.on("laptop").resumes(call).isDone().call();
    assertEquals("answered", longAfter.get("outcome"));
    assertEquals("Browser bob-phone", longAfter.get("deviceName"));
    alice.on("phone").device.connect();
    assertNull(alice.on("phone").resumes(call).isDone().call().get("outcome"));
  }

  @Test
  void whatIsMeantForADeviceThatRangBeforeTheRestartIsNoForgery() {
    String call = alice.calls(bob);
    bob.on("phone").rings();
    bob.on("laptop").rings();
    world.serverCrashesAndComesBack();
    alice.on("phone").device.connect();
    alice.on("phone").resumes(call).isDone();
    toTheLaptop().forEach(Answered::isDone);
    bob.on("phone").device.connect();
    bob.on("phone").forgetsWhatItHeard();
    bob.on("phone").answers();
    toTheLaptop().forEach(Answered::isDone);
    bob.on("phone").hearsNothing();
    alice
        .on("phone")
        .saysOfTheCall("call-description", "device", "bob-phone", "description", sdp("offer"))
        .isDone();
    bob.on("phone").hears("call-description");
  }

  private List<Answered> toTheLaptop() {
    Handset phone = alice.on("phone");
    return List.of(
        phone.saysOfTheCall(
            "call-description", "device", "bob-laptop", "description", sdp("offer")),
        phone.saysOfTheCall("ice-candidate", "device", "bob-laptop", "candidate", candidate(1)));
  }

  @Test
  void whoLeftTheCircleAsTheServerDiedIsNotInTheCallThatIsTakenUp() {
    String call = talking(alice, bob);
    world.circle.leave(new UserId("bob"));
    world.serverCrashesAndComesBack();
    assertEquals(List.of("removed_from_circle"), alice.history());
    alice.on("phone").device.connect();
    assertEquals(
        "removed_from_circle", alice.on("phone").resumes(call).isDone().call().get("reason"));
  }
}
