package kith.signaling;

import static java.time.temporal.ChronoUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who calls somebody again and again who does not answer. */
class UnansweredCallsTest extends Story {
  private void aliceCallsBobSixTimesInVain() {
    for (int i = 0; i < 6; i++) {
      alice.calls(bob);
      alice.on("phone").hangsUp();
    }
  }

  @Test
  void whoIsNotAnsweredHasToWaitBeforeTheyRingAgain() {
    aliceCallsBobSixTimesInVain();
    var refused = alice.on("phone").calls(bob, callId(7)).isRefused("rate_limited");
    assertEquals(
        "nobody answered your calls; try again in 10 s",
        ((Map<?, ?>) refused.answer().get("error")).get("message"));
    alice.calls(carol);
    alice.on("phone").hangsUp();
    carol.calls(bob);
    carol.on("phone").hangsUp();
    bob.calls(alice);
    bob.on("phone").hangsUp();
    later(10, SECONDS);
    alice.calls(bob);
    alice.on("phone").calls(bob, callId(8)).isRefused("rate_limited");
  }

  @Test
  void whoIsNotAnsweredAllDayRingsEveryTwoMinutes() {
    for (int i = 0; i < 30; i++) {
      alice.calls(bob);
      alice.on("phone").hangsUp();
      later(10, SECONDS);
    }
    int taken = 0;
    for (int i = 0; i < 60; i++) {
      if (Boolean.TRUE.equals(alice.on("phone").calls(bob, callId(i)).answer().get("ok"))) {
        alice.on("phone").hangsUp();
        taken++;
      }
      later(10, SECONDS);
    }
    assertEquals(7, taken);
  }

  @Test
  void callsThatAreAnsweredMayFollowOneAnother() {
    for (int i = 0; i < 20; i++) {
      talking(alice, bob);
      alice.on("phone").hangsUp();
      alice.on("phone").forgetsWhatItHeard();
      bob.on("phone").forgetsWhatItHeard();
      later(2, SECONDS);
    }
  }

  @Test
  void theRefusedOfferOfSomebodyNewEndsNoOtherCall() {
    aliceCallsBobSixTimesInVain();
    bob.on("phone").forgetsWhatItHeard();
    talking(alice, carol);
    alice.on("phone").calls(bob, callId(7)).isRefused("rate_limited");
    assertEquals("in-call", carol.isSeen().wire());
  }

  @Test
  void theRefusedOfferOfSomebodyWhoIsTalkedToEndsNotThatCall() {
    aliceCallsBobSixTimesInVain();
    bob.on("phone").forgetsWhatItHeard();
    talking(bob, alice);
    alice.on("phone").calls(bob, callId(7)).isRefused("rate_limited");
    assertEquals("in-call", bob.isSeen().wire());
  }
}
