package kith.turn.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import kith.turn.Transport;
import kith.turn.stun.Method;
import kith.turn.world.Client;
import kith.turn.world.World;
import org.junit.jupiter.api.Test;

/** A server that has lost a thread says so. */
class TroubleTest {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  private final Carrier nothing =
      new Carrier() {
        @Override
        public boolean send(ByteBuffer bytes) {
          return false;
        }

        @Override
        public void more() {}

        @Override
        public void close() {}
      };

  @Test
  void aServerThatIsClosedAdoptsNobodyAndKeepsNoPlaceForThem() throws IOException {
    TurnServer server =
        TurnServer.start(
            TurnOptions.defaults().withPort(0).withListen(LOOPBACK).withSecrets("secret"));
    server.close();
    InetSocketAddress here = new InetSocketAddress(LOOPBACK, 3_478);
    assertEquals(Optional.empty(), server.adopt(Transport.TCP, here, here, nothing));
    assertEquals(0, server.stats().connections());
  }

  @Test
  void aThreadThatIsLostIsToldOfAndGetsNoMoreConnections() throws IOException {
    TurnOptions options =
        TurnOptions.defaults()
            .withPort(0)
            .withListen(LOOPBACK)
            .withRealm(World.REALM)
            .withUsers(Map.of("alice", "wonderland"))
            .withLoops(1)
            .withEngine(EngineKind.NIO)
            .withEvents(
                event -> {
                  throw new LinkageError("half of the program was replaced");
                });
    try (TurnServer server = TurnServer.start(options)) {
      assertEquals(Optional.empty(), server.problem());
      Client alice = UdpWire.client("alice", LOOPBACK, server.port());
      alice.asks(Method.ALLOCATE, request -> {}).isRefused(401);
      Client dying = UdpWire.client("alice", LOOPBACK, server.port());
      dying.allocates();
      Patience.until(() -> server.problem().isPresent());
      assertEquals(
          Optional.of("has lost the threads [turn-0], and their clients: restart it"),
          server.problem());
      InetSocketAddress here = new InetSocketAddress(LOOPBACK, 3_478);
      assertEquals(Optional.empty(), server.adopt(Transport.TCP, here, here, nothing));
    }
  }

  @EachEngine
  void theClientsOfTheOtherThreadsAreServedOn(EngineKind engine) throws IOException {
    assumeTrue(Stations.works(engine), "this machine forbids it");
    AtomicBoolean fails = new AtomicBoolean();
    TurnOptions options =
        TurnOptions.defaults()
            .withPort(0)
            .withListen(LOOPBACK)
            .withRealm(World.REALM)
            .withUsers(Map.of("alice", "wonderland"))
            .withLoops(4)
            .withEngine(engine)
            .withEvents(
                event -> {
                  if (fails.compareAndSet(true, false)) {
                    throw new LinkageError("half of the program was replaced");
                  }
                });
    try (TurnServer server = TurnServer.start(options)) {
      List<Client> clients =
          Stream.generate(() -> UdpWire.client("alice", LOOPBACK, server.port()))
              .limit(24)
              .toList();
      clients.forEach(client -> client.allocates().succeeds());
      fails.set(true);
      UdpWire.client("alice", LOOPBACK, server.port()).allocates();
      Patience.until(() -> server.problem().isPresent());
      long left = server.stats().allocations();
      AtomicInteger served = new AtomicInteger();
      for (Client client : clients) {
        Thread.ofVirtual().start(() -> served.addAndGet(isServed(client) ? 1 : 0));
      }
      Patience.until(() -> served.get() == left);
    }
  }

  private static boolean isServed(Client client) {
    try {
      client.refreshes(600).succeeds();
      return true;
    } catch (AssertionError inVain) {
      return false;
    }
  }
}
