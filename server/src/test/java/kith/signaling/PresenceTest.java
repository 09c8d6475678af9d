package kith.signaling;

import static java.time.temporal.ChronoUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import kith.auth.UserId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PresenceTest extends Story {
  @BeforeEach
  void beginQuietly() {
    List.of(alice, bob, carol).forEach(person -> person.on("phone").forgetsWhatItHeard());
  }

  @Test
  void isOnlineWhileAnyDeviceIsConnected() {
    bob.on("phone").device.disconnect();
    assertEquals(List.of(), alice.on("phone").heardOfPresence());
    bob.on("laptop").device.disconnect();
    assertEquals(List.of("bob offline"), alice.on("phone").heardOfPresence());
    bob.on("laptop").device.connect();
    bob.on("phone").device.connect();
    assertEquals(List.of("bob online"), alice.on("phone").heardOfPresence());
  }

  @Test
  void isInCallFromTheAnswerToTheEnd() {
    alice.calls(bob);
    bob.on("phone").rings();
    assertEquals(List.of(), carol.on("phone").heardOfPresence());
    bob.on("phone").answers();
    assertEquals(
        Set.of("alice in-call", "bob in-call"), Set.copyOf(carol.on("phone").heardOfPresence()));
    bob.on("phone").hangsUp();
    assertEquals(
        Set.of("alice online", "bob online"), Set.copyOf(carol.on("phone").heardOfPresence()));
  }

  @Test
  void staysInCallWhileADeviceIsAwayForAMoment() {
    talking(alice, bob);
    carol.on("phone").heardOfPresence();
    alice.on("phone").device.disconnect();
    assertEquals(List.of(), carol.on("phone").heardOfPresence());
    assertEquals("in-call", alice.isSeen().wire());
  }

  @Test
  void isToldToMembersOfASharedCircleOnly() {
    world.leaveCircle("carol");
    carol.on("phone").forgetsWhatItHeard();
    alice.on("phone").forgetsWhatItHeard();
    bob.on("phone").device.disconnect();
    bob.on("laptop").device.disconnect();
    assertEquals(List.of(), carol.on("phone").heardOfPresence());
    carol.on("phone").device.disconnect();
    assertEquals(List.of("bob offline"), alice.on("phone").heardOfPresence());
  }

  @Test
  void isToldToADeviceThatConnects() {
    bob.on("phone").device.disconnect();
    bob.on("laptop").device.disconnect();
    Handset laptop = alice.buys("laptop");
    assertEquals(List.of("carol online"), laptop.heardOfPresence());
  }

  @Test
  void isToldAtTheEndOfACallThatOutlivedTheServer() {
    talking(alice, bob);
    world.serverCrashesAndComesBack();
    carol.on("phone").forgetsWhatItHeard().device.connect();
    assertEquals(
        Set.of("alice in-call", "bob in-call"), Set.copyOf(carol.on("phone").heardOfPresence()));
    at(30, SECONDS);
    assertEquals(List.of("connection_lost"), alice.history());
    assertEquals(
        Set.of("alice offline", "bob offline"), Set.copyOf(carol.on("phone").heardOfPresence()));
  }

  @Test
  void isToldOnceTheDatabaseIsBack() {
    world.circle.isOutOfReach = true;
    bob.on("phone").device.disconnect();
    bob.on("laptop").device.disconnect();
    assertEquals(List.of(), alice.on("phone").heardOfPresence());
    world.circle.isOutOfReach = false;
    later(1, SECONDS);
    assertEquals(List.of("bob offline"), alice.on("phone").heardOfPresence());
  }

  @Test
  void whoLeavesIsGoneForTheOthersAndTheyForThem() {
    world.leaveCircle("carol");
    assertEquals(List.of("carol offline"), alice.on("phone").heardOfPresence());
    assertEquals(
        Set.of("alice offline", "bob offline"), Set.copyOf(carol.on("phone").heardOfPresence()));
  }

  @Test
  void whoLeavesACircleJustAsAnotherComesToOneOfTheirsDoesNotLoseThem() {
    world.circle.afterNobodyWasFound =
        () -> {
          world.circle.join(new UserId("carol"));
          world.joinCircle("alice");
        };
    world.leaveCircle("carol");
    assertEquals("alice online", carol.on("phone").heardOfPresence().getLast());
    assertEquals("carol online", alice.on("phone").heardOfPresence().getLast());
  }

  @Test
  void isToldWhenSomeoneJoins() {
    world.leaveCircle("carol");
    carol.on("phone").forgetsWhatItHeard();
    alice.on("phone").forgetsWhatItHeard();
    world.joinCircle("carol");
    assertEquals(List.of("carol online"), alice.on("phone").heardOfPresence());
    assertEquals(
        Set.of("alice online", "bob online"), Set.copyOf(carol.on("phone").heardOfPresence()));
  }
}
