package kith.turn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.concurrent.TimeUnit;
import kith.turn.Counters.Traffic;
import kith.turn.stun.TransportAddress;
import kith.turn.world.Client;
import kith.turn.world.Peer;
import kith.turn.world.World;
import org.junit.jupiter.api.Test;

/** A peer that is a service of the server's own process. */
class InProcessPeerTest {
  private final World world = new World();
  private final Client alice = world.client("alice");
  private final TransportAddress at = World.address("192.0.2.15", 4_000);
  private final List<String> heard = world.service(at);

  @Test
  void datagramsGoBothWaysInIndicationsAndOnChannels() {
    alice.allocates().succeeds();
    alice.permits(at).succeeds();
    alice.sends("hello", at);
    assertEquals(List.of(alice.relayed() + " hello"), heard);
    world.serviceSends(at, "hello yourself", alice.relayed());
    alice.hears("192.0.2.15:4000 hello yourself");
    alice.bindsChannel(0x4000, at).succeeds();
    alice.sendsOnChannel(0x4000, "again");
    world.serviceSends(at, "and again", alice.relayed());
    alice.hears("4000 and again");
    assertEquals(2, heard.size());
    assertEquals(2, world.relayed(Traffic.PACKETS_FROM_CLIENTS, Transport.UDP));
    assertEquals(2, world.relayed(Traffic.PACKETS_TO_CLIENTS, Transport.UDP));
  }

  @Test
  void withoutAPermissionNothingPassesEitherWay() {
    alice.allocates().succeeds();
    alice.sends("hello", at);
    world.serviceSends(at, "hello", alice.relayed());
    assertEquals(List.of(), heard);
    alice.hearsNothing();
    alice.permits(at).succeeds();
    world.after(5, TimeUnit.MINUTES);
    world.serviceSends(at, "too late", alice.relayed());
    alice.hearsNothing();
  }

  @Test
  void aTcpAllocationHearsNoDatagramsOfIt() {
    Client stream = world.client("alice", Transport.TCP);
    stream.allocatesTcp().succeeds();
    stream.permits(at).succeeds();
    world.serviceSends(at, "a datagram", stream.relayed());
    stream.hearsNothing();
  }

  @Test
  void bandwidthIsBounded() {
    World slow = new World(setup -> setup.limits(new Limits(100, 10, 64, 64, 1_000, 0, 1000)));
    List<String> slowly = slow.service(at);
    Client client = slow.client("alice");
    client.allocates().succeeds();
    client.permits(at).succeeds();
    client.sends("x".repeat(600), at);
    client.sends("y".repeat(600), at);
    slow.serviceSends(at, "z".repeat(600), client.relayed());
    assertEquals(1, slowly.size());
    client.hearsNothing();
  }

  @Test
  void besideItTheMachineStaysClosed() {
    alice.allocates().succeeds();
    Peer ssh = world.peer("192.0.2.15", 22);
    alice.permits(ssh).succeeds();
    alice.sends("hello", ssh);
    ssh.hearsNothing();
  }

  @Test
  void anAddressThatIsDeniedOtherwiseIsReachedForTheServiceAlone() {
    TransportAddress inside = World.address("127.0.0.1", 4_000);
    List<String> service = world.service(inside);
    Peer program = world.peer("127.0.0.1", 4_001);
    alice.allocates().succeeds();
    alice.permits(inside).succeeds();
    alice.sends("hello", inside);
    alice.sends("hello", program);
    assertEquals(1, service.size());
    program.hearsNothing();
    world.serviceEnds(inside);
    alice.sends("anyone?", inside);
    alice.permits(inside).isRefused(403);
    assertEquals(1, service.size());
  }

  @Test
  void whoTakesItsAddressOnTheNetworkIsNotHeard() {
    alice.allocates().succeeds();
    alice.permits(at).succeeds();
    world.peer("192.0.2.15", 4_000).sends("it is me", alice.relayed());
    alice.hearsNothing();
  }

  @Test
  void anAddressHasOneService() {
    assertThrows(IllegalArgumentException.class, () -> world.service(at));
  }

  @Test
  void aRelayThatIsGoneIsNotReached() {
    alice.allocates().succeeds();
    alice.permits(at).succeeds();
    alice.refreshes(0).succeeds();
    world.serviceSends(at, "hello", alice.relayed());
    alice.hearsNothing();
  }
}
