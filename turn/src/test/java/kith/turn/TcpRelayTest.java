package kith.turn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import kith.turn.Counters.Count;
import kith.turn.Counters.Traffic;
import kith.turn.stun.AttributeType;
import kith.turn.stun.Method;
import kith.turn.stun.TransportAddress;
import kith.turn.world.Client;
import kith.turn.world.Peer;
import kith.turn.world.Reply;
import kith.turn.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6062, in the order of its sections. */
class TcpRelayTest {
  private final World world = new World();
  private final Client alice = world.client("alice", Transport.TCP);
  private final Client data = world.client("alice", Transport.TCP);
  private final Peer peer = world.peer("203.0.113.5", 7000).acceptsConnections();

  // §5.1 Receiving a TCP Allocate request

  @ParameterizedTest
  @EnumSource(
      value = Transport.class,
      names = {"TCP", "TLS"})
  void aTcpAddressIsGivenOverStreams(Transport transport) {
    Client client = world.client("alice", transport);
    assertTrue(client.allocatesTcp().succeeds().relayed().port() >= 49_152);
    assertEquals(1, world.openSockets());
  }

  @Test
  void aTcpAddressIsNotGivenOverUdp() {
    world.client("alice").allocatesTcp().isRefused(400);
  }

  @Test
  void whatConcernsDatagramsDoesNotGoWithTcp() {
    alice.allocatesTcp(request -> request.flag(AttributeType.DONT_FRAGMENT)).isRefused(400);
    alice
        .allocatesTcp(request -> request.bytes(AttributeType.EVEN_PORT, new byte[] {0}))
        .isRefused(400);
    alice
        .allocatesTcp(request -> request.bytes(AttributeType.RESERVATION_TOKEN, new byte[8]))
        .isRefused(400);
    alice
        .allocatesTcp(request -> request.bytes(AttributeType.MOBILITY_TICKET, new byte[0]))
        .isRefused(405);
  }

  @Test
  void aServerThatRelaysNoTcpSaysSo() {
    World without = new World(World.Setup::withoutTcpRelays);
    without.client("alice", Transport.TCP).allocatesTcp().isRefused(442);
  }

  /** It needs no nonce of its own: it comes from another port, as it must. */
  @Test
  void aConnectionIsBoundWithTheNonceThatItsClientHas() {
    alice.allocatesTcp().succeeds();
    alice.permits(peer).succeeds();
    int id = alice.connects(peer).succeeds().connectionId();
    data.withNonce(alice.nonce()).bindsConnection(id).succeeds();
    world.client("alice", Transport.TCP).withNonce(alice.nonce()).allocatesTcp().isRefused(438);
  }

  @Test
  void aTcpAllocationRelaysNoDatagrams() {
    alice.allocatesTcp().succeeds();
    alice.permits(peer).succeeds();
    alice.bindsChannel(0x4000, peer).isRefused(400);
    alice.sends("a datagram", peer);
    peer.hearsNothing();
  }

  @Test
  void anAllocationThatGaveUpOneFamilyIsOneOfTcpStill() {
    alice
        .allocatesTcp(request -> request.number(AttributeType.ADDITIONAL_ADDRESS_FAMILY, 2 << 24))
        .succeeds();
    alice
        .asksSigned(
            Method.REFRESH,
            request ->
                request
                    .number(AttributeType.LIFETIME, 0)
                    .number(AttributeType.REQUESTED_ADDRESS_FAMILY, 1 << 24))
        .succeeds();
    Peer six = world.peer("2001:db8:1::5", 7000).acceptsConnections();
    alice.bindsChannel(0x4000, six).isRefused(400);
    alice.connects(six).succeeds();
    alice
        .asksSigned(
            Method.REFRESH,
            request ->
                request
                    .number(AttributeType.LIFETIME, 0)
                    .number(AttributeType.REQUESTED_ADDRESS_FAMILY, 2 << 24))
        .succeeds();
    assertFalse(six.isConnected());
  }

  // §5.2 Receiving a Connect request

  @Test
  void aConnectionIsMadeFromTheRelayedAddressAndHasAnId() {
    alice.allocatesTcp().succeeds();
    Reply reply = alice.connects(peer).succeeds();
    assertTrue(reply.has(AttributeType.CONNECTION_ID));
    assertTrue(peer.isConnected());
  }

  @Test
  void toConnectNeedsATcpAllocation() {
    alice.connects(peer).isRefused(437);
    alice.allocates().succeeds();
    alice.connects(peer).isRefused(437);
  }

  @Test
  void onePeerIsConnectedToOnceAtATime() {
    alice.allocatesTcp().succeeds();
    Peer slow = world.peer("203.0.113.6", 7000);
    alice.beginsToConnect(slow.address());
    alice.isNotAnswered();
    alice.connects(slow).isRefused(446);
    int id = alice.connects(peer).succeeds().connectionId();
    alice.connects(peer).isRefused(446);
    data.bindsConnection(id).succeeds();
    alice.connects(peer).isRefused(446);
    peer.hangsUp();
    alice.connects(peer).succeeds();
  }

  @Test
  void toConnectNeedsAPeerWithAPort() {
    alice.allocatesTcp().succeeds();
    alice.asksSigned(Method.CONNECT, request -> {}).isRefused(400);
    alice
        .asksSigned(
            Method.CONNECT,
            request -> request.bytes(AttributeType.XOR_PEER_ADDRESS, new byte[] {1, 2, 3}))
        .isRefused(400);
    alice.connects(World.address("203.0.113.5", 0)).isRefused(400);
    alice.connects(World.address("2001:db8:1::5", 80)).isRefused(443);
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "10.0.0.1", "169.254.169.254", "192.168.1.1", "0.0.0.0"})
  void deniedPeersAreNotConnectedTo(String address) {
    alice.allocatesTcp().succeeds();
    alice.connects(World.address(address, 80)).isRefused(403);
  }

  @Test
  void onTheServersOwnMachineOnlyLiveTcpRelaysAreConnectedTo() {
    alice.allocatesTcp().succeeds();
    alice.connects(World.address("192.0.2.15", 22)).isRefused(403);
    alice.connects(World.address("10.0.0.15", 2375)).isRefused(403);
    alice.connects(alice.relayed()).isRefused(403);
    Client datagrams = world.client("bob");
    datagrams.allocates().succeeds();
    alice.connects(datagrams.relayed()).isRefused(403);
  }

  @Test
  void aRelayIsNotLedBackToItsOwnServer() {
    World open = new World(setup -> setup.allowing("192.0.2.15"));
    Client client = open.client("alice", Transport.TCP);
    client.allocatesTcp().succeeds();
    client.connects(World.address("192.0.2.15", 3478)).isRefused(403);
    client.connects(open.peer("192.0.2.15", 8080).acceptsConnections()).succeeds();
  }

  @Test
  void aPeerThatRefusesIsAFailure() {
    alice.allocatesTcp().succeeds();
    alice.connects(world.peer("203.0.113.6", 80).refusesConnections()).isRefused(447);
    assertEquals(0, world.count(Count.PEER_CONNECTIONS_NOW));
  }

  @Test
  void aPeerThatDoesNotAnswerIsAFailureAfterHalfAMinute() {
    alice.allocatesTcp().succeeds();
    alice.permits(peer).succeeds();
    alice.beginsToConnect(World.address("203.0.113.6", 80));
    world.after(29, TimeUnit.SECONDS);
    alice.isNotAnswered();
    world.after(1, TimeUnit.SECONDS);
    alice.isAnswered().isRefused(447);
    assertEquals(0, world.count(Count.PEER_CONNECTIONS_NOW));
  }

  @Test
  void aConnectionThatNobodyBindsIsClosedAfterHalfAMinute() {
    alice.allocatesTcp().succeeds();
    int id = alice.connects(peer).succeeds().connectionId();
    world.after(29, TimeUnit.SECONDS);
    assertTrue(peer.isConnected());
    world.after(1, TimeUnit.SECONDS);
    assertFalse(peer.isConnected());
    data.bindsConnection(id).isRefused(400);
  }

  // §5.3 Receiving a TCP connection on a relayed address

  @Test
  void aPermittedPeerMayConnect() {
    alice.allocatesTcp().succeeds();
    alice.permits(peer).succeeds();
    peer.connectsTo(alice.relayed());
    assertTrue(peer.isConnected());
    alice.hears("203.0.113.5:7000 connects");
    data.bindsConnection(alice.attemptedConnection()).succeeds();
    data.says("welcome");
    peer.hears("welcome");
  }

  @Test
  void aPeerWithoutAPermissionIsHungUpOn() {
    alice.allocatesTcp().succeeds();
    peer.connectsTo(alice.relayed());
    assertFalse(peer.isConnected());
    alice.permits(peer).succeeds();
    world.after(5, TimeUnit.MINUTES);
    peer.connectsTo(alice.relayed());
    assertFalse(peer.isConnected());
    alice.hearsNothing();
    assertEquals(2, world.count(Count.DROPPED_NO_PERMISSION));
  }

  @Test
  void aConnectionThatWasAttemptedIsClosedAfterHalfAMinute() {
    alice.allocatesTcp().succeeds();
    alice.permits(peer).succeeds();
    peer.connectsTo(alice.relayed());
    world.after(30, TimeUnit.SECONDS);
    assertFalse(peer.isConnected());
    assertEquals(0, world.count(Count.PEER_CONNECTIONS_NOW));
  }

  // §5.4 Receiving a ConnectionBind request

  @Test
  void bytesGoBothWaysAsTheyAre() {
    joins();
    data.says("@\0\0\5not a frame");
    peer.hears("@\0\0\5not a frame");
    peer.says("HTTP/1.1 200 OK");
    data.hears("HTTP/1.1 200 OK");
    assertEquals(15, world.relayed(Traffic.BYTES_TO_CLIENTS, Transport.TCP));
  }

  private void joins() {
    alice.allocatesTcp().succeeds();
    int id = alice.connects(peer).succeeds().connectionId();
    data.bindsConnection(id).succeeds();
  }

  @Test
  void aConnectionIsBoundOnceOverAStreamAndById() {
    alice.allocatesTcp().succeeds();
    int id = alice.connects(peer).succeeds().connectionId();
    world.client("alice").bindsConnection(id).isRefused(400);
    data.bindsConnection(id + 1).isRefused(400);
    data.asksSigned(Method.CONNECTION_BIND, request -> {}).isRefused(400);
    data.bindsConnection(id).succeeds();
    world.client("alice", Transport.TCP).bindsConnection(id).isRefused(400);
  }

  @Test
  void aConnectionThatIsNotThereYetIsNotBound() {
    alice.allocatesTcp().succeeds();
    alice.connects(peer).succeeds();
    for (int id = 0; id < 1_000; id++) {
      data.bindsConnection(id).isRefused(400);
    }
  }

  @Test
  void aControlConnectionIsNoDataConnection() {
    alice.allocatesTcp().succeeds();
    int id = alice.connects(peer).succeeds().connectionId();
    alice.bindsConnection(id).isRefused(400);
  }

  @Test
  void anothersConnectionIsNotBound() {
    alice.allocatesTcp().succeeds();
    int id = alice.connects(peer).succeeds().connectionId();
    world.client("bob", Transport.TCP).bindsConnection(id).isRefused(441);
    world.client("mallory", Transport.TCP).bindsConnection(id).isRefused(401);
    data.bindsConnection(id).succeeds();
  }

  @Test
  void connectionIdsAreNotPredictable() {
    alice.allocatesTcp().succeeds();
    int first = alice.connects(peer).succeeds().connectionId();
    Peer other = world.peer("203.0.113.6", 7000).acceptsConnections();
    int second = alice.connects(other).succeeds().connectionId();
    assertNotEquals(1, Math.abs(second - first));
  }

  @Test
  void whenOneEndHangsUpTheOtherIsClosed() {
    joins();
    peer.hangsUp();
    assertFalse(world.isJoined(data));
    int id = alice.connects(peer).succeeds().connectionId();
    Client next = world.client("alice", Transport.TCP);
    next.bindsConnection(id).succeeds();
    next.disconnects();
    assertFalse(peer.isConnected());
    assertEquals(0, world.count(Count.PEER_CONNECTIONS_NOW));
  }

  @Test
  void withTheAllocationItsConnectionsEnd() {
    joins();
    alice.refreshes(0).succeeds();
    assertFalse(peer.isConnected());
    assertFalse(world.isJoined(data));
    assertEquals(0, world.openSockets());
  }

  @Test
  void withTheControlConnectionTheAllocationAndItsConnectionsEnd() {
    joins();
    alice.beginsToConnect(World.address("203.0.113.6", 80));
    alice.disconnects();
    assertFalse(peer.isConnected());
    assertEquals(0, world.openSockets());
    assertEquals(0, world.count(Count.PEER_CONNECTIONS_NOW));
  }

  @Test
  void anExpiredPermissionEndsNoConnection() {
    alice.allocatesTcp(request -> request.number(AttributeType.LIFETIME, 3600)).succeeds();
    alice.permits(peer).succeeds();
    peer.connectsTo(alice.relayed());
    data.bindsConnection(alice.attemptedConnection()).succeeds();
    world.after(10, TimeUnit.MINUTES);
    peer.says("still here");
    data.hears("still here");
  }

  // Relay to relay

  @Test
  void twoRelayedClientsOfOneServerConnect() {
    relaysTalk(world);
  }

  @Test
  void theyDoSoBehindA1To1Nat() {
    relaysTalk(new World(setup -> setup.external("203.0.113.200").denying("192.0.2.0/24")));
  }

  @Test
  void aRelayIsNotConnectedToItselfByAnyOfItsAddresses() {
    World mapped = new World(setup -> setup.external("203.0.113.200"));
    Client client = mapped.client("alice", Transport.TCP);
    client.allocatesTcp().succeeds();
    client.connects(client.relayed()).isRefused(403);
    client.connects(World.address("192.0.2.15", client.relayed().port())).isRefused(403);
  }

  private static void relaysTalk(World world) {
    Client one = world.client("alice", Transport.TCP);
    Client two = world.client("bob", Transport.TCP);
    one.allocatesTcp().succeeds();
    TransportAddress relayed = two.allocatesTcp().succeeds().relayed();
    two.permits(one.relayed()).succeeds();
    int id = one.connects(relayed).succeeds().connectionId();
    two.hears(one.relayed() + " connects");
    Client oneData = world.client("alice", Transport.TCP);
    Client twoData = world.client("bob", Transport.TCP);
    oneData.bindsConnection(id).succeeds();
    twoData.bindsConnection(two.attemptedConnection()).succeeds();
    oneData.says("hello");
    twoData.hears("hello");
    twoData.says("hello yourself");
    oneData.hears("hello yourself");
    two.refreshes(0).succeeds();
    assertFalse(world.isJoined(oneData));
  }

  // Limits

  @Test
  void anAllocationHasSoManyConnectionsAndTheServerToo() {
    World small = new World(setup -> setup.limits(Limits.standard().withPeerConnections(2, 3)));
    Client first = small.client("alice", Transport.TCP);
    first.allocatesTcp().succeeds();
    for (int port : new int[] {1, 2}) {
      first.connects(small.peer("203.0.113.5", port).acceptsConnections()).succeeds();
    }
    first.connects(small.peer("203.0.113.5", 3).acceptsConnections()).isRefused(508);
    Client second = small.client("bob", Transport.TCP);
    second.allocatesTcp().succeeds();
    second.connects(small.peer("203.0.113.6", 1).acceptsConnections()).succeeds();
    second.connects(small.peer("203.0.113.6", 2).acceptsConnections()).isRefused(508);
    first.refreshes(0).succeeds();
    second.connects(small.peer("203.0.113.6", 2).acceptsConnections()).succeeds();
  }

  @Test
  void bandwidthCountsForConnectionsToo() {
    World slow = new World(setup -> setup.limits(new Limits(100, 10, 64, 64, 1_000, 0, 1000)));
    Client client = slow.client("alice", Transport.TCP);
    Peer to = slow.peer("203.0.113.5", 7000).acceptsConnections();
    client.allocatesTcp().succeeds();
    int id = client.connects(to).succeeds().connectionId();
    Client carrying = slow.client("alice", Transport.TCP);
    carrying.bindsConnection(id).succeeds();
    carrying.says("x".repeat(2_000));
    to.hears("x".repeat(2_000));
    carrying.says("must wait");
    to.hearsNothing();
    slow.after(1_001, TimeUnit.MILLISECONDS);
    carrying.says("goes on");
    to.hears("goes on");
  }
}
