package kith.turn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import kith.turn.Counters.Count;
import kith.turn.stun.AttributeType;
import kith.turn.stun.MessageClass;
import kith.turn.stun.Method;
import kith.turn.stun.StunWriter;
import kith.turn.stun.TransactionId;
import kith.turn.stun.TransportAddress;
import kith.turn.world.Client;
import kith.turn.world.Peer;
import kith.turn.world.Reply;
import kith.turn.world.World;
import org.junit.jupiter.api.Test;

/** Attempts to use the server up. */
class ExhaustionTest {
  private final World world = new World();
  private final Client alice = world.client("alice");
  private final Client mallory = world.client("mallory");
  private final Peer peer = world.peer("203.0.113.5", 7000);

  // Exhaustion

  @Test
  void oneUserCannotTakeAllPorts() {
    World narrow =
        new World(
            setup ->
                setup.relayPorts(50_000, 50_009).limits(new Limits(100, 4, 64, 64, 0, 0, 1000)));
    for (int i = 0; i < 20; i++) {
      narrow.client("alice").allocates();
    }
    assertEquals(4, narrow.openSockets());
    narrow.client("bob").allocates().succeeds();
  }

  @Test
  void reservingPortsIsNoWayAroundTheQuota() {
    World narrow = new World(setup -> setup.limits(new Limits(100, 4, 64, 64, 0, 0, 1000)));
    for (int i = 0; i < 20; i++) {
      Client alice = narrow.client("alice");
      reservesTheNextPort(alice);
      alice.refreshes(0);
    }
    assertEquals(3, narrow.openSockets());
    reservesTheNextPort(narrow.client("alice")).isRefused(486);
    narrow.after(30, TimeUnit.SECONDS);
    assertEquals(0, narrow.openSockets());
    for (int i = 0; i < 4; i++) {
      narrow.client("alice").allocates().succeeds();
    }
    narrow.client("alice").allocates().isRefused(486);
  }

  @Test
  void aReservedPortCountsAgainstTheQuotaInAll() {
    World small = new World(setup -> setup.limits(new Limits(3, 10, 64, 64, 0, 0, 1000)));
    reservesTheNextPort(small.client("alice")).succeeds();
    reservesTheNextPort(small.client("bob")).isRefused(486);
    small.client("bob").allocates().succeeds();
    small.client("bob").allocates().isRefused(486);
  }

  @Test
  void aReservationKeepsItsPlaceInTheQuotaForWhoRedeemsIt() {
    World small = new World(setup -> setup.limits(new Limits(100, 2, 64, 64, 0, 0, 1000)));
    Client first = small.client("alice");
    byte[] token = reservesTheNextPort(first).value(AttributeType.RESERVATION_TOKEN);
    Client second = small.client("alice");
    second.allocates(request -> request.bytes(AttributeType.RESERVATION_TOKEN, token)).succeeds();
    small.client("alice").allocates().isRefused(486);
    small.after(30, TimeUnit.SECONDS);
    small.client("alice").allocates().isRefused(486);
    first.refreshes(0).succeeds();
    second.refreshes(0).succeeds();
    reservesTheNextPort(small.client("alice")).succeeds();
  }

  private static Reply reservesTheNextPort(Client client) {
    return client.allocates(
        request -> request.bytes(AttributeType.EVEN_PORT, new byte[] {(byte) 0x80}));
  }

  @Test
  void withEveryPortTakenARequestIsRefusedAndOneGivenBackIsFound() {
    World narrow = new World(setup -> setup.relayPorts(50_000, 50_003));
    Client first = narrow.client("alice");
    int port = first.allocates().succeeds().relayed().port();
    for (int i = 0; i < 3; i++) {
      narrow.client("alice").allocates().succeeds();
    }
    narrow.client("bob").allocates().isRefused(508);
    first.refreshes(0).succeeds();
    assertEquals(port, narrow.client("bob").allocates().succeeds().relayed().port());
  }

  @Test
  void anAllocationHoldsSoManyPermissionsAndChannels() {
    World small = new World(setup -> setup.limits(new Limits(100, 10, 4, 2, 0, 0, 1000)));
    Client client = small.client("alice");
    client.allocates().succeeds();
    client.bindsChannel(0x4000, World.address("203.0.113.1", 1)).succeeds();
    client.bindsChannel(0x4001, World.address("203.0.113.2", 1)).succeeds();
    client.bindsChannel(0x4002, World.address("203.0.113.2", 2)).isRefused(508);
    client.permits(World.address("203.0.113.3", 1), World.address("203.0.113.4", 1)).succeeds();
    client.permits(World.address("203.0.113.5", 1)).isRefused(508);
    client.permits(World.address("203.0.113.4", 1)).succeeds();
    small.after(299, TimeUnit.SECONDS);
    client.permits(World.address("203.0.113.4", 1)).succeeds();
    small.after(60, TimeUnit.SECONDS);
    client.permits(World.address("203.0.113.5", 1)).succeeds();
  }

  @Test
  void whatHasExpiredTakesNoRoom() {
    World small = new World(setup -> setup.limits(new Limits(100, 10, 2, 1, 0, 0, 1000)));
    Client client = small.client("alice");
    client.allocates(request -> request.number(AttributeType.LIFETIME, 3600)).succeeds();
    small.at(30, TimeUnit.SECONDS);
    client.bindsChannel(0x4000, World.address("203.0.113.1", 1)).succeeds();
    client.permits(World.address("203.0.113.2", 1)).succeeds();
    client.permits(World.address("203.0.113.3", 1)).isRefused(508);
    small.at(330, TimeUnit.SECONDS);
    client.permits(World.address("203.0.113.3", 1), World.address("203.0.113.4", 1)).succeeds();
    small.at(930, TimeUnit.SECONDS);
    client.bindsChannel(0x4001, World.address("203.0.113.5", 1)).succeeds();
  }

  @Test
  void whoAsksForFarTooManyPermissionsIsTold() {
    alice.allocates().succeeds();
    for (int count : List.of(65, 100, 150)) {
      TransportAddress[] many =
          IntStream.range(0, count)
              .mapToObj(i -> World.address("203.0.113." + i, 1))
              .toArray(TransportAddress[]::new);
      alice.permits(many).isRefused(508);
    }
  }

  @Test
  void requestsWithoutCredentialsLeaveNothingBehind() {
    for (int i = 0; i < 10_000; i++) {
      mallory.sendsRaw(
          StunWriter.of(MessageClass.REQUEST, Method.ALLOCATE, new TransactionId(i, i)).finish());
    }
    assertEquals(0, world.openSockets());
    assertEquals(0, world.count(Count.ALLOCATIONS_MADE));
  }

  @Test
  void refreshingAgainAndAgainLeavesNothingBehind() {
    alice.allocates().succeeds();
    int before = world.deadlines();
    for (int i = 0; i < 1_000; i++) {
      alice.refreshes(3_600).succeeds();
      alice.refreshes(600).succeeds();
      world.after(10, TimeUnit.MILLISECONDS);
    }
    assertEquals(before, world.deadlines());
    world.after(599, TimeUnit.SECONDS);
    assertEquals(1, world.openSockets());
    world.after(1, TimeUnit.SECONDS);
    assertEquals(0, world.openSockets());
  }

  @Test
  void neitherDoesAllocatingAgainAndAgain() {
    for (int i = 0; i < 1_000; i++) {
      alice.allocates().succeeds();
      alice.refreshes(0).succeeds();
    }
    assertTrue(world.deadlines() < 200, "what is over is forgotten");
  }

  @Test
  void bandwidthIsBounded() {
    World slow = new World(setup -> setup.limits(new Limits(100, 10, 64, 64, 1_000, 0, 1000)));
    Client client = slow.client("alice");
    Peer to = slow.peer("203.0.113.5", 7000);
    client.allocates().succeeds();
    client.permits(to).succeeds();
    client.sends("x".repeat(600), to);
    client.sends("y".repeat(600), to);
    to.hears("x".repeat(600));
    slow.after(500, TimeUnit.MILLISECONDS);
    to.sends("z".repeat(600), client.relayed());
    client.hears("203.0.113.5:7000 " + "z".repeat(600));
    assertEquals(1, slow.count(Count.DROPPED_BANDWIDTH));
  }

  @Test
  void bandwidthInAllIsBoundedWhoeverUsesIt() {
    World slow = new World(setup -> setup.limits(new Limits(100, 10, 64, 64, 0, 1_000, 1000)));
    Client one = slow.client("alice");
    Client two = slow.client("bob");
    Peer to = slow.peer("203.0.113.5", 7000);
    for (Client client : List.of(one, two)) {
      client.allocates().succeeds();
      client.permits(to).succeeds();
    }
    one.sends("x".repeat(600), to);
    two.sends("y".repeat(600), to);
    to.hears("x".repeat(600));
    to.sends("z".repeat(600), two.relayed());
    two.hearsNothing();
    assertEquals(2, slow.count(Count.DROPPED_BANDWIDTH));
    slow.after(1, TimeUnit.SECONDS);
    two.sends("y".repeat(600), to);
    to.hears("y".repeat(600));
  }

  @Test
  void anEmptyPacketCostsItsHeaders() {
    World slow = new World(setup -> setup.limits(new Limits(100, 10, 64, 64, 280, 0, 1000)));
    Client client = slow.client("alice");
    Peer to = slow.peer("203.0.113.5", 7000);
    client.allocates().succeeds();
    client.permits(to).succeeds();
    for (int i = 0; i < 15; i++) {
      client.sends("", to);
    }
    assertEquals(10, to.packets().size());
    assertEquals(5, slow.count(Count.DROPPED_BANDWIDTH));
  }
}
