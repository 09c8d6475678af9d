package kith.turn.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.SocketFactory;
import javax.net.ssl.SSLSocketFactory;
import kith.turn.stun.MessageClass;
import kith.turn.stun.Method;
import kith.turn.stun.StunWriter;
import kith.turn.stun.TransactionId;
import kith.turn.world.Client;
import kith.turn.world.World;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections that a proxy passes on, on real sockets. */
class ProxiesTest {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
  private static final byte[] LINE =
      "PROXY TCP4 203.0.113.5 127.0.0.1 5000 3478\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] BINARY =
      ByteBuffer.allocate(28)
          .put(new byte[] {'\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'})
          .put(new byte[] {0x21, 0x11, 0, 12, (byte) 203, 0, 113, 5, 127, 0, 0, 1, 0x13})
          .put(new byte[] {(byte) 0x88, 0, 0})
          .array();
  private static final byte[] ITSELF = "PROXY UNKNOWN\r\n".getBytes(StandardCharsets.US_ASCII);

  @TempDir private static Path directory;

  private final List<StreamWire> wires = new ArrayList<>();
  private TurnServer server;

  private static TurnOptions usual() {
    return OnLoopback.options().withProxies("127.0.0.1");
  }

  private void start(TurnOptions options) throws IOException {
    server = TurnServer.start(options);
  }

  @AfterEach
  void close() {
    wires.forEach(StreamWire::disconnect);
    server.close();
  }

  private StreamWire connects() {
    StreamWire wire = StreamWire.open(SocketFactory.getDefault(), LOOPBACK, server.port());
    wires.add(wire);
    return wire;
  }

  private static Client client(StreamWire wire) {
    return new Client("alice", World.address("203.0.113.5", 5_000), wire);
  }

  private static byte[] binding() {
    return StunWriter.of(MessageClass.REQUEST, Method.BINDING, new TransactionId(1, 2)).finish();
  }

  @Test
  void aClientIsWhereItsProxySays() throws IOException {
    start(usual());
    for (byte[] header : List.of(LINE, BINARY)) {
      StreamWire wire = connects();
      wire.sendUnpadded(header);
      Client alice = client(wire);
      assertEquals(alice.address(), alice.binds().succeeds().mapped());
      alice.allocates().succeeds();
      alice.refreshes(0).succeeds();
    }
  }

  @Test
  void whatComesWithTheHeaderIsTheClients() throws IOException {
    start(usual());
    byte[] request = binding();
    StreamWire wire = connects();
    wire.sendUnpadded(
        ByteBuffer.allocate(LINE.length + request.length).put(LINE).put(request).array());
    Client alice = client(wire);
    assertTrue(wire.await(alice));
    assertEquals(alice.address(), alice.isAnswered().succeeds().mapped());
  }

  @Test
  void theHeaderMayComeByteByByte() throws IOException {
    start(usual());
    StreamWire wire = connects();
    for (byte one : BINARY) {
      wire.sendUnpadded(new byte[] {one});
    }
    assertEquals(World.address("203.0.113.5", 5_000), client(wire).binds().succeeds().mapped());
  }

  @Test
  void aProxyMayComeForItself() throws IOException {
    start(usual());
    StreamWire wire = connects();
    wire.sendUnpadded(ITSELF);
    assertEquals(LOOPBACK, client(wire).binds().succeeds().mapped().address());
  }

  @Test
  void tlsFollowsTheHeader() throws Exception {
    TestCertificate certificate = TestCertificate.make(directory, "proxied");
    start(usual().withTls(certificate.options()));
    Socket plain = new Socket(LOOPBACK, server.tlsPort().orElseThrow());
    plain.getOutputStream().write(BINARY);
    SSLSocketFactory secured = (SSLSocketFactory) certificate.sockets();
    StreamWire wire =
        StreamWire.over(secured.createSocket(plain, "localhost", plain.getPort(), true));
    wires.add(wire);
    Client alice = client(wire);
    assertEquals(alice.address(), alice.binds().succeeds().mapped());
    alice.allocates().succeeds();
  }

  @Test
  void limitsCountTheClientsAndNotTheProxy() throws IOException {
    start(usual().withConnections(10, 1));
    StreamWire first = connects();
    first.sendUnpadded(LINE);
    client(first).binds().succeeds();
    StreamWire second = connects();
    second.sendUnpadded(LINE);
    assertTrue(second.isHungUp(), "another of the same client");
    StreamWire other = connects();
    other.sendUnpadded(
        "PROXY TCP4 203.0.113.6 127.0.0.1 5000 3478\r\n".getBytes(StandardCharsets.US_ASCII));
    client(other).binds().succeeds();
    assertEquals(2, server.stats().connections());
  }

  @Test
  void aProxyThatNamesNobodyIsHungUpOn() throws IOException {
    start(usual());
    StreamWire wire = connects();
    wire.sendUnpadded(binding());
    assertTrue(wire.isHungUp());
    assertEquals(0, server.stats().connections());
  }

  @Test
  void aProxyThatTakesTooLongIsHungUpOn() throws IOException {
    start(usual().withPatience(Duration.ofMillis(50), Duration.ofSeconds(30)));
    StreamWire wire = connects();
    wire.sendUnpadded("PROXY TCP4".getBytes(StandardCharsets.US_ASCII));
    assertTrue(wire.isHungUp());
  }

  @Test
  void nobodyElseIsBelieved() throws IOException {
    start(usual().withProxies("127.0.0.2"));
    for (byte[] header : List.of(LINE, BINARY)) {
      StreamWire wire = connects();
      wire.sendUnpadded(header);
      assertTrue(wire.isHungUp());
    }
    Client alice = StreamWire.client("alice", LOOPBACK, server.port());
    assertEquals(alice.address(), alice.binds().succeeds().mapped());
  }
}
