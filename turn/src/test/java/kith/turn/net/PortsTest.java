package kith.turn.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kith.turn.world.Client;
import kith.turn.world.World;
import org.junit.jupiter.api.Test;

/** A server that listens on several ports. */
class PortsTest {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  @Test
  void eachServesOverUdpAndTcp() throws IOException {
    try (TurnServer server = TurnServer.start(OnLoopback.options().withPort(0, 0))) {
      assertEquals(2, Set.copyOf(server.ports()).size());
      assertEquals(server.port(), server.ports().getFirst());
      List<Client> clients = new ArrayList<>();
      for (int port : server.ports()) {
        clients.add(UdpWire.client("alice", LOOPBACK, port));
        clients.add(StreamWire.client("alice", LOOPBACK, port));
      }
      clients.forEach(client -> client.allocates().succeeds());
      assertEquals(4, server.stats().allocations());
      clients.forEach(Client::disconnects);
    }
  }

  @Test
  void clientsOfDifferentPortsReachEachOther() throws IOException {
    try (TurnServer server = TurnServer.start(OnLoopback.options().withPort(0, 0))) {
      Client alice = UdpWire.client("alice", LOOPBACK, server.ports().getFirst());
      Client bob = UdpWire.client("bob", LOOPBACK, server.ports().getLast());
      alice.allocates().succeeds();
      bob.allocates().succeeds();
      alice.permits(bob.relayed()).succeeds();
      bob.permits(alice.relayed()).succeeds();
      alice.sends("hello", bob.relayed());
      bob.hears(alice.relayed() + " hello");
    }
  }

  @Test
  void noneIsAPeerThoughItsAddressIsAllowed() throws IOException {
    try (TurnServer server =
        TurnServer.start(OnLoopback.options().withPort(0, 0).allowing("127.0.0.1"))) {
      Client alice = UdpWire.client("alice", LOOPBACK, server.port());
      alice.allocates().succeeds();
      for (int port : server.ports()) {
        alice.permits(World.address("127.0.0.1", port)).succeeds();
        alice.sends("hello", World.address("127.0.0.1", port));
      }
      alice.refreshes(600).succeeds();
      assertEquals(Map.of("no_permission", 2L), server.stats().drops());
    }
  }

  /** On a port whose UDP nobody has. */
  private static ServerSocket webServer() throws IOException {
    while (true) {
      ServerSocket web = new ServerSocket(0, 1, LOOPBACK);
      try (DatagramSocket free = new DatagramSocket(web.getLocalPort(), LOOPBACK)) {
        assertTrue(free.isBound());
        return web;
      } catch (BindException taken) {
        web.close();
      }
    }
  }

  @Test
  void aPortThatIsUdpOnlyLeavesTcpToAnother() throws IOException {
    try (ServerSocket web = webServer()) {
      int port = web.getLocalPort();
      assertThrows(
          IOException.class, () -> TurnServer.start(OnLoopback.options().withPort(0, port)));
      TurnOptions shared = OnLoopback.options().withPort(0, port).withUdpOnly(Set.of(port));
      try (TurnServer server = TurnServer.start(shared)) {
        UdpWire.client("alice", LOOPBACK, port).allocates().succeeds();
        StreamWire.client("alice", LOOPBACK, server.port()).allocates().succeeds();
      }
      try (TurnServer server =
          TurnServer.start(OnLoopback.options().withPort(port).withUdpOnly(Set.of(port)))) {
        UdpWire.client("alice", LOOPBACK, server.port()).allocates().succeeds();
      }
    }
  }

  @Test
  void aPortIsNotAskedForTwice() throws IOException {
    assertThrows(
        IllegalArgumentException.class, () -> OnLoopback.options().withPort(3478, 443, 443));
    try (ServerSocket taken = new ServerSocket(0, 1, LOOPBACK)) {
      int port = taken.getLocalPort();
      TurnOptions twice = OnLoopback.options().withPort(port).withDiscoveryPort(port);
      IOException refused = assertThrows(IOException.class, () -> TurnServer.start(twice));
      assertEquals("port " + port + " is asked for twice", refused.getMessage());
    }
  }
}
