package kith.turn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import kith.turn.Counters.Count;
import kith.turn.world.Client;
import kith.turn.world.Peer;
import kith.turn.world.World;
import org.junit.jupiter.api.Test;

/** Relays that meet each other, and what an operator sees of them all. */
class RelayToRelayTest {
  private final World world = new World();
  private final Client alice = world.client("alice");
  private final Client bob = world.client("bob");
  private final Peer peer = world.peer("203.0.113.5", 7000);

  // Relay to relay

  @Test
  void twoRelayedClientsOfOneServerReachEachOther() {
    alice.allocates().succeeds();
    bob.allocates().succeeds();
    alice.permits(bob.relayed()).succeeds();
    bob.bindsChannel(0x4000, alice.relayed()).succeeds();
    alice.sends("hello bob", bob.relayed());
    bob.hears("4000 hello bob");
    bob.sendsOnChannel(0x4000, "hello alice");
    alice.hears(bob.relayed() + " hello alice");
  }

  @Test
  void theyDoSoWhenTheServerIsOnAPrivateAddressBehindA1To1Nat() {
    World nat = new World(setup -> setup.external("203.0.113.200").denying("192.0.2.0/24"));
    Client one = nat.client("alice");
    Client two = nat.client("bob");
    one.allocates().succeeds();
    two.allocates().succeeds();
    one.bindsChannel(0x4000, two.relayed()).succeeds();
    two.permits(one.relayed()).succeeds();
    one.sendsOnChannel(0x4000, "hello");
    two.hears(one.relayed() + " hello");
    two.sends("hello yourself", one.relayed());
    one.hears("4000 hello yourself");
  }

  // Several addresses, each behind an address of its own

  private static World twoAddresses() {
    return new World(
        setup ->
            setup
                .external("203.0.113.200")
                .alsoAt("192.0.2.16", "203.0.113.201")
                .denying("192.0.2.0/24"));
  }

  private static void talk(Client one, Client two) {
    one.allocates().succeeds();
    two.allocates().succeeds();
    one.bindsChannel(0x4000, two.relayed()).succeeds();
    two.permits(one.relayed()).succeeds();
    one.sendsOnChannel(0x4000, "hello");
    two.hears(one.relayed() + " hello");
    two.sends("hello yourself", one.relayed());
    one.hears("4000 hello yourself");
  }

  @Test
  void relaysOnTwoMappedAddressesReachEachOther() {
    World two = twoAddresses();
    Client first = two.client("alice");
    Client second = two.clientOf("192.0.2.16", "bob");
    talk(first, second);
    assertTrue(first.relayed().sameHost(World.address("203.0.113.200", 0)));
    assertTrue(second.relayed().sameHost(World.address("203.0.113.201", 0)));
  }

  @Test
  void aRelayOnAMappedAddressAndOneOnABareOneReachEachOther() {
    World two = new World(setup -> setup.external("203.0.113.200").alsoAt("10.0.0.7", "10.0.0.7"));
    talk(two.client("alice"), two.clientOf("10.0.0.7", "bob"));
    talk(two.clientOf("10.0.0.7", "alice"), two.client("bob"));
  }

  @Test
  void addressesThatAreToldAsOneNeverGiveTheSamePortTwice() {
    World shared =
        new World(
            setup ->
                setup
                    .external("203.0.113.200")
                    .alsoAt("192.0.2.16", "203.0.113.200")
                    .denying("192.0.2.0/24")
                    .relayPorts(50_000, 50_003));
    talk(shared.client("alice"), shared.clientOf("192.0.2.16", "bob"));
    talk(shared.clientOf("192.0.2.16", "alice"), shared.client("bob"));
    shared.client("alice").allocates().isRefused(508);
    shared.clientOf("192.0.2.16", "alice").allocates().isRefused(508);
  }

  // What an operator sees

  @Test
  void everyAllocationIsToldOfOnceAsItBeginsAndOnceAsItEnds() {
    Client carol = world.client("carol").untilSecond(1000);
    carol.allocates().succeeds();
    carol.permits(peer).succeeds();
    carol.sends("12345", peer);
    world.at(10, TimeUnit.SECONDS);
    carol.refreshes(0).succeeds();
    assertTrue(
        world.events().getFirst() instanceof TurnEvent.Allocated made
            && made.user().equals("carol"));
    TurnEvent.Released end = (TurnEvent.Released) world.events().getLast();
    assertEquals(TurnEvent.Reason.RELEASED, end.reason());
    assertEquals(Transport.UDP, end.transport());
    assertEquals(10, end.seconds());
    assertEquals(1, end.packetsFromClient());
    assertEquals(5, end.bytesFromClient());
    assertEquals(2, world.events().size());
  }

  @Test
  void shuttingDownClosesEverything() {
    alice.allocates().succeeds();
    bob.allocates().succeeds();
    world.shutsDown();
    assertEquals(0, world.openSockets());
    assertEquals(0, world.count(Count.ALLOCATIONS_NOW));
  }
}
