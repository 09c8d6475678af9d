package kith.signaling;

import static java.time.temporal.ChronoUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import kith.call.running.Presence.Status;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What the shared vectors do not tell of call waiting and hold: what is refused, and what a restart
 * keeps.
 */
class CallWaitingTest extends Story {
  private Handset bobsPhone;

  @BeforeEach
  void bobsDevicesLetASecondCallWait() {
    for (String device : List.of("phone", "laptop")) {
      bob.on(device).device.disconnect();
      bob.on(device).device.takesWaiting = true;
      bob.on(device).device.connect();
    }
    bobsPhone = bob.on("phone");
  }

  /** Alice and bob talk, and carol's call waits. */
  private String carolWaits() {
    talking(alice, bob);
    bob.on("laptop").forgetsWhatItHeard();
    String id = callId(9);
    carol.on("phone").calls(bob, id).isDone().says("state", "offered").says("waiting", true);
    bobsPhone.hears("call-offer", "callId", id, "waiting", true, "expiresInMs", 20_000L);
    return id;
  }

  private Answered says(Handset device, String event, String call, Object... fields) {
    var payload = with(fields);
    payload.put("callId", call);
    return device.says(event, payload);
  }

  @Test
  void itWaitsOnTheDeviceTheCalleeTalksOnAlone() {
    String hers = carolWaits();
    bob.on("laptop").hearsNothing();
    says(bob.on("laptop"), "call-ringing", hers).isRefused("forbidden");
    says(bob.on("laptop"), "call-answer", hers).isRefused("conflict");
    says(bob.on("laptop"), "call-decline", hers).isRefused("forbidden");
    bob.on("laptop").device.disconnect();
    bob.on("laptop").device.connect();
    bob.on("laptop").hearsNothing();
  }

  @Test
  void itIsNotTakenWhileTheOtherIsNotHeld() {
    String hers = carolWaits();
    says(bobsPhone, "call-answer", hers).isRefused("conflict");
    bobsPhone.saysOfTheCall("call-hold", "held", true).isDone();
    says(bobsPhone, "call-answer", hers).isDone().says("state", "connecting");
    alice.on("phone").hears("call-hold", "from", "bob", "device", "bob-phone", "held", true);
    alice.on("phone").hearsNothing();
  }

  @Test
  void twoCallsAreNotTalkedInAtOnce() {
    String hers = carolWaits();
    bobsPhone.saysOfTheCall("call-hold", "held", true).isDone();
    says(bobsPhone, "call-answer", hers).isDone();
    bobsPhone.saysOfTheCall("call-hold", "held", false).isRefused("conflict");
    says(bobsPhone, "call-hold", hers, "held", true).isDone();
    bobsPhone.saysOfTheCall("call-hold", "held", false).isDone();
  }

  @Test
  void theBareMessagesFindTheCallOfThePair() {
    carolWaits();
    bobsPhone.says("call-hold", with("to", "alice", "held", true)).isDone();
    bobsPhone.says("call-answer", with("to", "carol")).isDone().says("peer", "carol");
    bobsPhone.says("end-call", with("to", "alice")).isDone().says("peer", "alice");
    carol.on("phone").hears("call-answer");
    carol.on("phone").hearsNothing();
    assertEquals(Status.IN_CALL, bob.isSeen());
  }

  @Test
  void whoIsHeldMayHoldToo() {
    talking(alice, bob);
    bobsPhone.saysOfTheCall("call-hold", "held", true).isDone();
    alice.on("phone").saysOfTheCall("call-hold", "held", true).isDone();
    bobsPhone.hears("call-hold", "held", true);
    bobsPhone.saysOfTheCall("call-hold", "held", true).isDone();
    alice.on("phone").hears("call-hold");
    alice.on("phone").hearsNothing();
    bobsPhone.saysOfTheCall("call-hold", "held", "yes").isRefused("bad_request");
  }

  @Test
  void onlyADeviceInTheCallHoldsIt() {
    String call = talking(alice, bob);
    says(bob.on("laptop"), "call-hold", call, "held", true).isRefused("conflict");
    says(carol.on("phone"), "call-hold", call, "held", true).isRefused("forbidden");
    alice.on("phone").hearsNothing();
  }

  @Test
  void whoCallsSomebodyWhoseCallWaitsTakesItAndLeavesTheOther() {
    String hers = carolWaits();
    at(10, SECONDS);
    bobsPhone.calls(carol, callId(11)).isDone().says("callId", hers).says("state", "connecting");
    alice.on("phone").hears("end-call", "reason", "replaced");
    carol.on("phone").hears("call-state", "state", "offered");
    carol.on("phone").hears("call-answer", "device", "bob-phone");
    assertEquals(List.of("replaced"), alice.history());
  }

  @Test
  void whoCallsAFourthWhileACallWaitsLosesNone() {
    carolWaits();
    world.device("dave", "dave-phone");
    bobsPhone.says("call-offer", with("to", "dave", "callId", callId(12))).isRefused("busy");
    assertEquals(List.of(), bob.history());
  }

  @Test
  void whoCallsAFourthLeavesBothCalls() {
    String hers = carolWaits();
    bobsPhone.saysOfTheCall("call-hold", "held", true).isDone();
    says(bobsPhone, "call-answer", hers).isDone();
    world.device("dave", "dave-phone");
    bobsPhone.says("call-offer", with("to", "dave", "callId", callId(12))).isDone();
    assertEquals(List.of("replaced", "replaced"), bob.history());
  }

  @Test
  void aRestartKeepsWhatIsHeldAndWhatWaits() {
    String hers = carolWaits();
    bobsPhone.saysOfTheCall("call-hold", "held", true).isDone();
    String his = bobsPhone.saysOfTheCall("call-connected").answer().get("callId").toString();
    at(5, SECONDS);
    world.serverCrashesAndComesBack();
    alice.on("phone").forgetsWhatItHeard().device.connect();
    bob.on("laptop").device.connect();
    bob.on("laptop").hearsNothing();
    bobsPhone.forgetsWhatItHeard().device.connect();
    bobsPhone.hears("call-offer", "callId", hers, "waiting", true, "expiresInMs", 15_000L);
    bobsPhone.says("call-resume", with("calls", List.of(his, hers))).isDone();
    bobsPhone.hears("call-state", "callId", his, "held", true, "peerHeld", false);
    bobsPhone.hears("call-state", "callId", hers, "waiting", true);
    alice.on("phone").resumes(his).isDone();
    alice.on("phone").hears("call-state", "held", false, "peerHeld", true);
    says(bobsPhone, "call-answer", hers).isDone();
  }

  @Test
  void bothCallsAreResumedAtOnce() {
    String hers = carolWaits();
    bobsPhone.saysOfTheCall("call-hold", "held", true).isDone();
    String his = bobsPhone.saysOfTheCall("call-connected").answer().get("callId").toString();
    says(bobsPhone, "call-answer", hers).isDone();
    bobsPhone.device.disconnect();
    alice.on("phone").saysOfTheCall("call-media", "audio", false, "video", true, "screen", false);
    bobsPhone.device.connect();
    bobsPhone.says("call-resume", with("calls", List.of(hers, his))).isDone();
    var heard = List.copyOf(bobsPhone.device.heard).stream().map(it -> it.event()).toList();
    assertEquals(3, heard.size(), heard::toString);
    assertEquals(2, heard.stream().filter("call-state"::equals).count(), heard::toString);
  }
}
