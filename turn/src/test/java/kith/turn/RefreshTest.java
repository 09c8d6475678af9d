package kith.turn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.TimeUnit;
import kith.turn.Counters.Count;
import kith.turn.stun.AttributeType;
import kith.turn.stun.Method;
import kith.turn.world.Client;
import kith.turn.world.Peer;
import kith.turn.world.Reply;
import kith.turn.world.World;
import org.junit.jupiter.api.Test;

/** RFC 8656 §3.2, §6 and §8: how long an allocation lives. */
class RefreshTest {
  private final World world = new World();
  private final Client alice = world.client("alice");
  private final Client bob = world.client("bob");
  private final Peer peer = world.peer("203.0.113.5", 7000);

  private static final int IPV4 = 1 << 24;
  private static final int IPV6 = 2 << 24;

  // §8.2 Receiving a Refresh request

  @Test
  void anAllocationExpiresUnlessItIsRefreshed() {
    alice.allocates().succeeds();
    bob.allocates().succeeds();
    world.at(599, TimeUnit.SECONDS);
    assertEquals(900, alice.refreshes(900).succeeds().lifetime());
    world.at(600, TimeUnit.SECONDS);
    bob.refreshes(600).isRefused(437);
    assertEquals(1, world.openSockets());
    world.at(599 + 899, TimeUnit.SECONDS);
    alice.permits(peer).succeeds();
    world.at(599 + 900, TimeUnit.SECONDS);
    alice.permits(peer).isRefused(437);
    assertEquals(0, world.openSockets());
    assertEquals(0, world.count(Count.ALLOCATIONS_NOW));
    assertEquals(2, world.count(Count.ALLOCATIONS_EXPIRED));
  }

  @Test
  void lifetimeZeroEndsIt() {
    alice.allocates().succeeds();
    assertEquals(0, alice.refreshes(0).succeeds().lifetime());
    alice.refreshes(0).isRefused(437);
    assertEquals(0, world.openSockets());
  }

  @Test
  void aFreedPortAndA5TupleMayBeUsedAgain() {
    alice.allocates().succeeds();
    alice.refreshes(0).succeeds();
    alice.allocates().succeeds();
    alice.permits(peer).succeeds();
    alice.sends("again", peer);
    peer.hears("again");
  }

  @Test
  void oneFamilyOfTwoMayBeGivenUp() {
    allocates(alice, AttributeType.ADDITIONAL_ADDRESS_FAMILY, IPV6).succeeds();
    refreshes(alice, 0, IPV6).succeeds();
    assertEquals(1, world.openSockets());
    alice.permits(World.address("2001:db8:1::5", 1)).isRefused(443);
    alice.permits(peer).succeeds();
  }

  @Test
  void oneFamilyOfTwoMayBeRefreshedAlone() {
    allocates(alice, AttributeType.ADDITIONAL_ADDRESS_FAMILY, IPV6).succeeds();
    world.at(5, TimeUnit.MINUTES);
    assertEquals(600, refreshes(alice, 600, IPV6).succeeds().lifetime());
    world.at(10, TimeUnit.MINUTES);
    assertEquals(1, world.openSockets());
    alice.permits(peer).isRefused(443);
    alice.permits(World.address("2001:db8:1::5", 1)).succeeds();
    refreshes(alice, 600, IPV4).isRefused(443);
    world.at(15, TimeUnit.MINUTES);
    alice.refreshes(600).isRefused(437);
    assertEquals(0, world.openSockets());
  }

  @Test
  void bothFamiliesAreRefreshedWhereNoneIsNamed() {
    allocates(alice, AttributeType.ADDITIONAL_ADDRESS_FAMILY, IPV6).succeeds();
    refreshes(alice, 1800, IPV6).succeeds();
    world.at(5, TimeUnit.MINUTES);
    alice.refreshes(600).succeeds();
    world.at(14, TimeUnit.MINUTES);
    assertEquals(2, world.openSockets());
    world.at(15, TimeUnit.MINUTES);
    assertEquals(0, world.openSockets());
  }

  @Test
  void theFamilyThatIsLeftEndsInItsOwnTime() {
    allocates(alice, AttributeType.ADDITIONAL_ADDRESS_FAMILY, IPV6).succeeds();
    refreshes(alice, 1800, IPV6).succeeds();
    refreshes(alice, 0, IPV6).succeeds();
    world.at(10, TimeUnit.MINUTES);
    alice.permits(peer).isRefused(437);
    assertEquals(0, world.count(Count.ALLOCATIONS_NOW));
  }

  /** §8.1: it takes its permissions and channels along, and no others. */
  @Test
  void theChannelsOfAFamilyThatIsGivenUpAreFreeForTheOther() {
    allocates(alice, AttributeType.ADDITIONAL_ADDRESS_FAMILY, IPV6).succeeds();
    alice.bindsChannel(0x4000, World.address("2001:db8:1::5", 1)).succeeds();
    alice.bindsChannel(0x4001, peer).succeeds();
    refreshes(alice, 0, IPV6).succeeds();
    alice.bindsChannel(0x4000, World.address("203.0.113.6", 1)).succeeds();
    alice.sendsOnChannel(0x4001, "still bound");
    peer.hears("still bound");
  }

  @Test
  void aFamilyThatTheAllocationHasNotIsAMismatch() {
    alice.allocates().succeeds();
    refreshes(alice, 0, IPV6).isRefused(443);
  }

  @Test
  void anotherUserMayNotTouchIt() {
    alice.allocates().succeeds();
    alice.named("bob").withPassword("builder");
    alice.refreshes(0).isRefused(441);
    alice.permits(peer).isRefused(441);
    alice.bindsChannel(0x4000, peer).isRefused(441);
    assertEquals(1, world.openSockets());
  }

  // §3.2, §6 Streams

  @Test
  void aStreamThatEndsEndsItsAllocation() {
    Client tcp = world.client("alice", Transport.TCP);
    tcp.allocates().succeeds();
    tcp.disconnects();
    assertEquals(0, world.openSockets());
  }

  private static Reply refreshes(Client client, int seconds, int family) {
    return client.asksSigned(
        Method.REFRESH,
        request ->
            request
                .number(AttributeType.LIFETIME, seconds)
                .number(AttributeType.REQUESTED_ADDRESS_FAMILY, family));
  }

  private static Reply allocates(Client client, int attribute, int value) {
    return client.allocates(request -> request.number(attribute, value));
  }
}
