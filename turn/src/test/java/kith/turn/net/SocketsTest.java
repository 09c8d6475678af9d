package kith.turn.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import kith.turn.Transport;
import kith.turn.TurnEvent;
import kith.turn.stun.AttributeType;
import kith.turn.stun.ErrorCode;
import kith.turn.stun.TransportAddress;
import kith.turn.world.Client;
import kith.turn.world.World;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The server on real sockets of the loopback, once for each engine. */
abstract class SocketsTest {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
  private static final InetAddress LOOPBACK6 = InetAddress.ofLiteral("::1");

  private final Queue<TurnEvent> events = new ConcurrentLinkedQueue<>();
  private final EngineKind engine;
  private TurnServer server;

  SocketsTest(EngineKind engine) {
    this.engine = engine;
    this.server = start(usual());
  }

  private TurnOptions usual() {
    return OnLoopback.options()
        .withSecrets(World.SECRET)
        .withEngine(engine)
        .withEvents(events::add);
  }

  private static TurnServer start(TurnOptions options) {
    try {
      return TurnServer.start(options);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void restart(TurnOptions options) {
    server.close();
    server = start(options);
  }

  @AfterEach
  void close() {
    server.close();
  }

  private Client overUdp(String user) {
    return UdpWire.client(user, LOOPBACK, server.port());
  }

  private Client overTcp(String user) {
    return StreamWire.client(user, LOOPBACK, server.port());
  }

  @Test
  void aClientLearnsItsAddressOverUdpAndTcp() {
    for (Client client : List.of(overUdp("alice"), overTcp("alice"))) {
      assertEquals(client.address(), client.binds().succeeds().mapped());
      client.disconnects();
    }
  }

  @Test
  void itDoesSoOverIpv6() {
    assumeTrue(Stations.loopbacks().contains(LOOPBACK6), "this machine has no IPv6");
    restart(usual().withListen(LOOPBACK, LOOPBACK6));
    Client client = UdpWire.client("alice", LOOPBACK6, server.port());
    assertEquals(client.address(), client.binds().succeeds().mapped());
  }

  @Test
  void twoClientsOnTheLoopbackTalkRelayToRelayWithTheDefaults() {
    Client alice = overUdp("alice");
    Client bob = overTcp("bob");
    alice.allocates().succeeds();
    bob.allocates().succeeds();
    alice.bindsChannel(0x4000, bob.relayed()).succeeds();
    bob.permits(alice.relayed()).succeeds();
    alice.sendsOnChannel(0x4000, "hello bob");
    bob.hears(alice.relayed() + " hello bob");
    bob.sends("hello alice", alice.relayed());
    alice.hears("4000 hello alice");
    assertEquals(2, server.stats().allocations());
    assertEquals(2, server.stats().packetsFromClients());
  }

  @Test
  void packetsAreCountedByWhatLiesBetweenClientAndServer() {
    Client alice = overUdp("alice");
    Client bob = overTcp("bob");
    alice.allocates().succeeds();
    bob.allocates().succeeds();
    alice.bindsChannel(0x4000, bob.relayed()).succeeds();
    bob.bindsChannel(0x4000, alice.relayed()).succeeds();
    alice.sendsOnChannel(0x4000, "hello");
    bob.hears("4000 hello");
    bob.sendsOnChannel(0x4000, "hello yourself");
    alice.hears("4000 hello yourself");
    bob.sendsOnChannel(0x4000, "hear");
    alice.hears("4000 hear");
    TurnStats stats = server.stats();
    assertEquals(
        Map.of(
            Transport.UDP, new TurnStats.Relayed(1, 5, 2, 18),
            Transport.TCP, new TurnStats.Relayed(2, 18, 1, 5),
            Transport.TLS, new TurnStats.Relayed(0, 0, 0, 0)),
        stats.relayedByTransport());
    assertEquals(3, stats.packetsFromClients());
    assertEquals(23, stats.bytesToClients());
  }

  @Test
  void refusalsAreCountedByReasonAndTransport() {
    overUdp("alice").allocates(request -> request.number(0x7FFF, 0)).isRefused(420);
    Client bob = overTcp("bob");
    bob.allocates().succeeds();
    bob.allocates().isRefused(437);
    Client other = overTcp("alice");
    other.refreshes(600).isRefused(437);
    assertEquals(
        Map.of(
            Transport.UDP, Map.of("unauthenticated", 1L, "unknown_attribute", 1L),
            Transport.TCP, Map.of("unauthenticated", 2L, "allocation_mismatch", 2L),
            Transport.TLS, Map.of()),
        server.stats().refusalsByTransport());
    assertEquals(
        Map.of("unauthenticated", 3L, "unknown_attribute", 1L, "allocation_mismatch", 2L),
        server.stats().refusals());
    assertTrue(TurnStats.refusalReasons().containsAll(server.stats().refusals().keySet()));
    assertEquals(ErrorCode.values().length, TurnStats.refusalReasons().stream().distinct().count());
  }

  @Test
  void aProgramOnTheLoopbackIsReachedOnlyWhenTheOperatorAllowsIt() throws IOException {
    try (DatagramSocket program = new DatagramSocket(0, LOOPBACK)) {
      program.setSoTimeout(Patience.MILLIS);
      restart(usual().allowing("127.0.0.0/8"));
      Client alice = overUdp("alice");
      alice.allocates().succeeds();
      alice.permits(World.address("127.0.0.1", program.getLocalPort())).succeeds();
      alice.sends("hello", World.address("127.0.0.1", program.getLocalPort()));
      DatagramPacket packet = new DatagramPacket(new byte[100], 100);
      program.receive(packet);
      assertEquals("hello", new String(packet.getData(), 0, packet.getLength()));
      assertEquals(alice.relayed().socketAddress(), packet.getSocketAddress());
      program.send(packet);
      alice.hears("127.0.0.1:" + program.getLocalPort() + " hello");
    }
  }

  @Test
  void aPeerThatIsNotThereNeverEndsAnAllocation() throws IOException {
    restart(usual().allowing("127.0.0.0/8"));
    int nobody;
    try (DatagramSocket gone = new DatagramSocket(0, LOOPBACK)) {
      nobody = gone.getLocalPort();
    }
    Client alice = overUdp("alice");
    Client bob = overUdp("bob");
    alice.allocates().succeeds();
    bob.allocates().succeeds();
    alice.permits(bob.relayed()).succeeds();
    bob.permits(alice.relayed()).succeeds();
    for (int i = 0; i < 20; i++) {
      alice.sends("anyone?", World.address("127.0.0.1", nobody));
    }
    alice.sends("still here", bob.relayed());
    bob.hears(alice.relayed() + " still here");
    alice.refreshes(600).succeeds();
  }

  @Test
  void theLargestDatagramPassesAndALargerOneIsDropped() {
    Client alice = overTcp("alice");
    Client bob = overTcp("bob");
    alice.allocates().succeeds();
    bob.allocates().succeeds();
    alice.bindsChannel(0x4000, bob.relayed()).succeeds();
    bob.bindsChannel(0x4000, alice.relayed()).succeeds();
    String largest = "x".repeat(65_507);
    alice.sendsOnChannel(0x4000, largest + "y");
    alice.sendsOnChannel(0x4000, largest);
    bob.hears("4000 " + largest);
  }

  @Test
  void aReservedPortIsTakenByAClientWhateverLoopItComesTo() throws IOException {
    for (int i = 0; i < 8; i++) {
      Client first = overUdp("alice");
      byte[] token =
          first
              .allocates(
                  request -> request.bytes(AttributeType.EVEN_PORT, new byte[] {(byte) 0x80}))
              .succeeds()
              .value(AttributeType.RESERVATION_TOKEN);
      Client second = overUdp("alice");
      second.allocates(request -> request.bytes(AttributeType.RESERVATION_TOKEN, token)).succeeds();
      assertEquals(first.relayed().port() + 1, second.relayed().port());
      second.permits(first.relayed()).succeeds();
      first.permits(second.relayed()).succeeds();
      first.sends("rtp", second.relayed());
      second.hears(first.relayed() + " rtp");
      first.refreshes(0).succeeds();
      second.refreshes(0).succeeds();
    }
  }

  @Test
  void anAllocationFollowsItsClientToAnotherSocketWhateverLoopThatComesTo() {
    Client peer = overUdp("bob");
    peer.allocates().succeeds();
    Client first = overUdp("alice");
    byte[] ticket =
        first
            .allocates(request -> request.bytes(AttributeType.MOBILITY_TICKET, new byte[0]))
            .succeeds()
            .value(AttributeType.MOBILITY_TICKET);
    peer.permits(first.relayed()).succeeds();
    for (int i = 0; i < 8; i++) {
      Client moved = i % 4 == 3 ? overTcp("alice") : overUdp("alice");
      ticket = moved.refreshesWith(ticket).succeeds().value(AttributeType.MOBILITY_TICKET);
      moved.bindsChannel(0x4000, peer.relayed()).succeeds();
      moved.sendsOnChannel(0x4000, "move " + i);
      hears(peer, first.relayed() + " move " + i);
      peer.sends("heard " + i, first.relayed());
      hears(moved, "4000 heard " + i);
      assertEquals(2, server.stats().allocations());
    }
  }

  /** Tells what became of a packet that does not come, as far as the server knows. */
  private void hears(Client client, String expected) {
    try {
      client.hears(expected);
    } catch (AssertionError lost) {
      TurnStats stats = server.stats();
      throw new AssertionError(
          "drops " + stats.drops() + ", send errors " + stats.sendErrors(), lost);
    }
  }

  @Test
  void aClientThatMovesIsHeardAndReachedAtBothSocketsUntilItSendsFromTheNewOne() {
    Client peer = overUdp("bob");
    peer.allocates().succeeds();
    Client former = overUdp("alice");
    byte[] ticket =
        former
            .allocates(request -> request.bytes(AttributeType.MOBILITY_TICKET, new byte[0]))
            .succeeds()
            .value(AttributeType.MOBILITY_TICKET);
    TransportAddress relayed = former.relayed();
    former.bindsChannel(0x4000, peer.relayed()).succeeds();
    peer.permits(relayed).succeeds();
    for (int i = 0; i < 8; i++) {
      Client moved = overUdp("alice");
      ticket = moved.refreshesWith(ticket).succeeds().value(AttributeType.MOBILITY_TICKET);
      peer.sends("to the former " + i, relayed);
      former.hears("4000 to the former " + i);
      former.sendsOnChannel(0x4000, "from the former " + i);
      peer.hears(relayed + " from the former " + i);
      former.permits(peer.relayed()).succeeds();
      moved.sendsOnChannel(0x4000, "from the new " + i);
      peer.hears(relayed + " from the new " + i);
      peer.sends("to the new " + i, relayed);
      moved.hears("4000 to the new " + i);
      former.refreshes(600).isRefused(437);
      former.allocates().succeeds();
      former.refreshes(0).succeeds();
      former = moved;
    }
  }

  @Test
  void aConnectionThatEndsEndsItsAllocation() {
    Client alice = overTcp("alice");
    alice.allocates().succeeds();
    assertEquals(1, server.stats().connections());
    alice.disconnects();
    Patience.until(() -> server.stats().allocations() == 0 && server.stats().connections() == 0);
    Patience.until(
        () ->
            events.stream()
                .anyMatch(
                    event ->
                        event instanceof TurnEvent.Released end
                            && end.reason() == TurnEvent.Reason.DISCONNECTED));
  }

  @Test
  void aPortThatIsTakenIsNamed() throws IOException {
    int port = server.port();
    IOException refused =
        assertThrows(IOException.class, () -> TurnServer.start(usual().withPort(port)));
    assertEquals("127.0.0.1 port " + port + " is taken by another program", refused.getMessage());
    try (DatagramSocket other = new DatagramSocket(0, LOOPBACK)) {
      assertThrows(
          IOException.class, () -> TurnServer.start(usual().withPort(other.getLocalPort())));
    }
  }

  @Test
  void aPortIsFreeAgainOnceTheServerIsClosed() {
    int port = server.port();
    overUdp("alice").allocates().succeeds();
    overTcp("alice").allocates().succeeds();
    restart(usual().withPort(port));
    assertEquals(port, server.port());
    overUdp("alice").allocates().succeeds();
  }

  @Test
  void soIsAPortThatWasOnlyReserved() throws IOException {
    Client alice = overUdp("alice");
    alice
        .allocates(request -> request.bytes(AttributeType.EVEN_PORT, new byte[] {(byte) 0x80}))
        .succeeds();
    int reserved = alice.relayed().port() + 1;
    server.close();
    try (DatagramSocket free = new DatagramSocket(reserved, LOOPBACK)) {
      assertTrue(free.isBound());
    }
  }

  @Test
  void aDrainingServerKeepsWhoIsThere() {
    Client alice = overUdp("alice");
    alice.allocates().succeeds();
    server.drain();
    overUdp("bob").allocates().isRefused(508);
    alice.refreshes(600).succeeds();
    assertEquals(Map.of("unauthenticated", 2L, "capacity", 1L), server.stats().refusals());
  }

  @Test
  void aDrainingServerSaysWhenTheLastOneIsGone() throws InterruptedException {
    Client alice = overUdp("alice");
    alice.allocates().succeeds();
    assertFalse(server.isDrained());
    assertFalse(server.drain(Duration.ZERO));
    assertTrue(server.isDraining());
    alice.refreshes(0).succeeds();
    assertTrue(server.drain(Duration.ofSeconds(5)));
    assertTrue(server.isDrained());
  }

  @Test
  void aDrainingServerMayWaitForAllButSoMany() throws InterruptedException {
    Client alice = overUdp("alice");
    Client bob = overUdp("bob");
    alice.allocates().succeeds();
    bob.allocates().succeeds();
    assertFalse(server.drain(Duration.ZERO, 1));
    alice.refreshes(0).succeeds();
    assertTrue(server.drain(Duration.ofSeconds(5), 1));
    assertFalse(server.isDrained());
  }

  @Test
  void mobilityMayBeTurnedOff() throws IOException {
    restart(usual().withMobility(false));
    overUdp("alice")
        .allocates(request -> request.bytes(AttributeType.MOBILITY_TICKET, new byte[0]))
        .isRefused(405);
  }

  @Test
  void withNoAddressGivenItListensOnAllOfThem() throws IOException {
    restart(usual().withListen());
    for (InetAddress address : Interfaces.addresses()) {
      if (address.isLoopbackAddress()) {
        UdpWire.client("alice", address, server.port()).binds().succeeds();
      }
    }
  }

  @Test
  void theOptionsSayWhatIsWrong() {
    assertThrows(IllegalArgumentException.class, () -> usual().withPort(70_000));
    assertThrows(IllegalArgumentException.class, () -> usual().withRelayPorts(10, 5));
    assertThrows(IllegalArgumentException.class, () -> usual().allowing("not an address"));
    assertThrows(IllegalArgumentException.class, () -> usual().allowing("10.0.0.0/33"));
    assertThrows(IllegalArgumentException.class, () -> usual().withSecrets(""));
    assertNotEquals("", usual().toString());
    assertEquals(-1, usual().toString().indexOf(World.SECRET));
  }
}
