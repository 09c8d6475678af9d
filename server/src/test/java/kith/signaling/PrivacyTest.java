package kith.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import kith.privacy.RelayPolicy;
import kith.signaling.SignalingInVirtualTime.Heard;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who wishes so is called without the other side learning an address; the server sees to it. */
class PrivacyTest extends Story {
  private static final String HOST = "candidate:1 1 udp 7 192.0.2.10 50000 typ host";
  private static final String REFLEXIVE =
      "candidate:1 1 udp 7 192.0.2.10 50000 typ srflx raddr 192.0.2.10 rport 5";
  private static final String RELAY =
      "candidate:2 1 udp 7 198.51.100.7 61000 typ relay raddr 192.0.2.10 rport 50000";
  private static final String ADDRESS = "192.0.2.10";

  private static Map<String, Object> trickled(String candidate) {
    return Map.of("candidate", candidate, "sdpMid", "0", "sdpMLineIndex", 0);
  }

  private static Map<String, Object> described(String type) {
    return Map.of(
        "type", type, "sdp", "v=0\r\nc=IN IP4 " + ADDRESS + "\r\na=" + HOST + "\r\na=" + RELAY);
  }

  private static final List<Object> BATCH =
      List.of(trickled(HOST), trickled(REFLEXIVE), trickled(RELAY));

  /** Both say all they can say of their addresses. */
  private void bothTellTheirAddresses() {
    alice.on("phone").saysOfTheCall("ice-candidate", "device", "bob-phone", "candidates", BATCH);
    bob.on("phone").saysOfTheCall("ice-candidate", "device", "alice-phone", "candidates", BATCH);
    alice
        .on("phone")
        .saysOfTheCall(
            "call-description", "device", "bob-phone", "description", described("offer"));
    bob.on("phone")
        .saysOfTheCall(
            "call-description", "device", "alice-phone", "description", described("answer"));
  }

  private static void learnsTheRelayAlone(Handset phone) {
    Heard candidates = phone.hears("ice-candidate");
    assertEquals(1, ((List<?>) candidates.payload().get("candidates")).size());
    Heard description = phone.hears("call-description");
    for (Heard heard : List.of(candidates, description)) {
      assertFalse(heard.toString().contains(ADDRESS), heard::toString);
      assertTrue(heard.toString().contains("198.51.100.7"), heard::toString);
    }
  }

  private static void learnsAll(Handset phone) {
    assertEquals(BATCH, phone.hears("ice-candidate").payload().get("candidates"));
    assertTrue(phone.hears("call-description").toString().contains(ADDRESS));
  }

  private void aliceCallsAndBobRings() {
    alice.calls(bob);
    bob.on("phone").rings();
    alice.on("phone").hears("call-ringing");
  }

  private void bobAnswers() {
    bob.on("phone").answers();
    alice.on("phone").hears("call-answer");
  }

  @Test
  void whoWishesNothingTellsAddressesWhileItRings() {
    aliceCallsAndBobRings();
    bothTellTheirAddresses();
    learnsAll(alice.on("phone"));
    learnsAll(bob.on("phone"));
  }

  @ParameterizedTest
  @CsvSource({"alice", "bob"})
  void whoWishesItAlwaysIsNeverFoundNorFindsTheOther(String who) {
    (who.equals("alice") ? alice : bob).wishes(RelayPolicy.ALWAYS);
    aliceCallsAndBobRings();
    bothTellTheirAddresses();
    learnsTheRelayAlone(alice.on("phone"));
    learnsTheRelayAlone(bob.on("phone"));
    bobAnswers();
    bothTellTheirAddresses();
    learnsTheRelayAlone(alice.on("phone"));
    learnsTheRelayAlone(bob.on("phone"));
  }

  @ParameterizedTest
  @CsvSource({"alice", "bob"})
  void untilTheAnswerNobodyIsFoundAndThenBothAre(String who) {
    (who.equals("alice") ? alice : bob).wishes(RelayPolicy.UNTIL_ANSWERED);
    aliceCallsAndBobRings();
    bothTellTheirAddresses();
    learnsTheRelayAlone(alice.on("phone"));
    learnsTheRelayAlone(bob.on("phone"));
    bobAnswers();
    bothTellTheirAddresses();
    learnsAll(alice.on("phone"));
    learnsAll(bob.on("phone"));
  }

  @ParameterizedTest
  @CsvSource({
    "DIRECT, UNTIL_ANSWERED, until-answered",
    "ALWAYS, UNTIL_ANSWERED, always",
    "DIRECT, ALWAYS, always",
    "DIRECT, DIRECT, direct"
  })
  void bothAreToldTheStricterWish(RelayPolicy hers, RelayPolicy his, String told) {
    alice.wishes(hers);
    bob.wishes(his);
    alice.on("phone").calls(bob, callId(1)).isDone().says("relay", told);
    assertEquals(told, bob.on("phone").rings().payload().get("relay"));
    bob.on("phone").saysOfTheCall("call-answer").isDone().says("relay", told);
    assertEquals(told, alice.on("phone").resumes(callId(1)).call().get("relay"));
    alice.on("phone").hears("call-ringing");
    alice.on("phone").hears("call-answer");
    alice.on("phone").hears("call-state", "relay", told);
  }

  @Test
  void anOfferThatRidesAlongTellsNothing() {
    bob.wishes(RelayPolicy.ALWAYS);
    alice
        .on("phone")
        .says("call-offer", with("to", "bob", "callId", callId(1), "offer", described("offer")))
        .isDone();
    assertFalse(bob.on("phone").rings().toString().contains(ADDRESS));
    bob.on("phone").saysOfTheCall("call-answer", "answer", described("answer")).isDone();
    alice.on("phone").hears("call-ringing");
    assertFalse(alice.on("phone").hears("call-answer").toString().contains(ADDRESS));
  }

  @Test
  void aDeviceThatComesWhileItRingsLearnsNoMore() {
    bob.wishes(RelayPolicy.UNTIL_ANSWERED);
    alice
        .on("phone")
        .says("call-offer", with("to", "bob", "callId", callId(1), "offer", described("offer")))
        .isDone();
    alice.on("phone").says("ice-candidate", with("callId", callId(1), "candidates", BATCH));
    Handset tablet = bob.buys("tablet");
    assertFalse(tablet.hears("call-offer").toString().contains(ADDRESS));
    assertFalse(tablet.hears("ice-candidate").toString().contains(ADDRESS));
  }

  @Test
  void aBatchOfWhichNothingIsLeftIsTakenAndNotSentOn() {
    alice.wishes(RelayPolicy.ALWAYS);
    aliceCallsAndBobRings();
    alice
        .on("phone")
        .saysOfTheCall("ice-candidate", "candidates", List.of(trickled(HOST)))
        .isDone();
    bob.on("phone").hearsNothing();
    alice.on("phone").saysOfTheCall("ice-candidate", "candidate", null).isDone();
    bob.on("phone").hears("ice-candidate");
  }

  @Test
  void theWishHoldsWhenBothCallEachOther() {
    bob.wishes(RelayPolicy.ALWAYS);
    alice.on("phone").calls(bob, callId(5)).isDone();
    bob.on("phone").calls(alice, callId(2)).isDone().says("relay", "always");
    alice.on("phone").forgetsWhatItHeard();
    bob.on("phone").forgetsWhatItHeard();
    alice
        .on("phone")
        .says("ice-candidate", with("callId", callId(2), "candidates", BATCH))
        .isDone();
    assertFalse(bob.on("phone").hears("ice-candidate").toString().contains(ADDRESS));
  }

  @Test
  void theWishOutlivesTheServer() {
    bob.wishes(RelayPolicy.ALWAYS);
    String call = talking(alice, bob);
    world.serverCrashesAndComesBack();
    for (Person person : List.of(alice, bob)) {
      person.on("phone").device.connect();
      person.on("phone").resumes(call).isDone();
      person.on("phone").forgetsWhatItHeard();
    }
    bob.on("phone").forgetsWhatItHeard();
    alice.on("phone").forgetsWhatItHeard();
    bothTellTheirAddresses();
    learnsTheRelayAlone(alice.on("phone"));
    learnsTheRelayAlone(bob.on("phone"));
  }

  @Test
  void aWishThatChangesDuringACallIsForTheNext() {
    talking(alice, bob);
    bob.wishes(RelayPolicy.ALWAYS);
    bothTellTheirAddresses();
    learnsAll(alice.on("phone"));
    learnsAll(bob.on("phone"));
  }
}
