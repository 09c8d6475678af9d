package kith.turn.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;
import kith.turn.InProcessPeer;
import kith.turn.stun.TransportAddress;
import kith.turn.world.Client;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A service of this process as the peer of real clients. */
class InProcessPortTest {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
  private static final InetSocketAddress SERVICE = new InetSocketAddress(LOOPBACK, 4_000);

  private TurnServer server;

  private void start(EngineKind engine) throws IOException {
    server = TurnServer.start(OnLoopback.options().withEngine(engine));
  }

  @AfterEach
  void close() {
    server.close();
  }

  @ParameterizedTest
  @EnumSource(
      value = EngineKind.class,
      names = {"AUTO", "NIO"})
  void aServiceAnswersWhoeverComesOverUdpOrTcp(EngineKind engine) throws IOException {
    start(engine);
    AtomicReference<InProcessPort> own = new AtomicReference<>();
    own.set(server.register(SERVICE, echo(own)));
    Client[] clients = {
      UdpWire.client("alice", LOOPBACK, server.port()),
      UdpWire.client("bob", LOOPBACK, server.port()),
      StreamWire.client("alice", LOOPBACK, server.port())
    };
    for (Client client : clients) {
      client.allocates().succeeds();
      client.bindsChannel(0x4000, own.get().address()).succeeds();
      for (int i = 0; i < 50; i++) {
        client.sendsOnChannel(0x4000, "packet " + i);
        client.hears("4000 packet " + i);
      }
    }
    assertEquals(150, server.stats().packetsFromClients());
    assertEquals(150, server.stats().packetsToClients());
  }

  private static InProcessPeer echo(AtomicReference<InProcessPort> own) {
    return (from, packet, offset, length) ->
        own.get().send(from, packet.duplicate().limit(offset + length).position(offset));
  }

  @ParameterizedTest
  @EnumSource(
      value = EngineKind.class,
      names = {"AUTO", "NIO"})
  void anyThreadMaySend(EngineKind engine) throws IOException {
    start(engine);
    InProcessPort port = server.register(SERVICE, (from, packet, offset, length) -> {});
    Client alice = UdpWire.client("alice", LOOPBACK, server.port());
    alice.allocates().succeeds();
    alice.permits(port.address()).succeeds();
    for (int i = 0; i < 50; i++) {
      assertTrue(port.send(alice.relayed(), text("hello " + i)));
      alice.hears("127.0.0.1:4000 hello " + i);
    }
    assertFalse(port.send(TransportAddress.of(LOOPBACK, 9), text("nobody")));
    assertFalse(port.send(alice.relayed(), ByteBuffer.allocate(65_508)));
    assertThrows(
        IllegalArgumentException.class,
        () -> server.register(SERVICE, (from, packet, offset, length) -> {}));
    port.close();
    alice.permits(port.address()).succeeds(); // of this machine, though nothing is there
    server.register(SERVICE, (from, packet, offset, length) -> {});
  }

  private static ByteBuffer text(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }
}
