package kith.turn.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import javax.net.SocketFactory;
import kith.turn.Limits;
import kith.turn.stun.AttributeType;
import kith.turn.stun.Method;
import kith.turn.stun.TransportAddress;
import kith.turn.world.Client;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** RFC 6062 on real sockets of the loopback. */
class TcpRelaySocketsTest {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  @TempDir private static Path directory;
  private static TestCertificate certificate;
  private TurnServer server;
  private ServerSocket listening;

  @BeforeAll
  static void makeCertificate() throws Exception {
    certificate = TestCertificate.make(directory, "relay");
  }

  @BeforeEach
  void start() throws IOException {
    server = TurnServer.start(options());
    listening = new ServerSocket(0, 50, LOOPBACK);
    listening.setSoTimeout(Patience.MILLIS);
  }

  private TurnOptions options() {
    return OnLoopback.options().withTls(certificate.options()).allowing("127.0.0.0/8");
  }

  @AfterEach
  void close() throws IOException {
    server.close();
    listening.close();
  }

  private StreamWire overTcp() {
    return StreamWire.open(SocketFactory.getDefault(), LOOPBACK, server.port());
  }

  private StreamWire overTls() throws Exception {
    return StreamWire.open(certificate.sockets(), LOOPBACK, server.tlsPort().orElseThrow());
  }

  private TransportAddress listener() {
    return TransportAddress.of(LOOPBACK, listening.getLocalPort());
  }

  private Socket accepted() throws IOException {
    Socket socket = listening.accept();
    socket.setSoTimeout(Patience.MILLIS);
    return socket;
  }

  /** A connection of the client's that is joined with one to a peer, and the peer's end. */
  private record Joined(StreamWire client, Socket peer) {
    void talk(String text) throws IOException {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      client.sendUnpadded(bytes);
      assertArrayEquals(bytes, peer.getInputStream().readNBytes(bytes.length));
      peer.getOutputStream().write(bytes);
      assertArrayEquals(bytes, client.reads(bytes.length));
    }
  }

  private Joined join(Client control, StreamWire data) throws IOException {
    int id = control.connects(listener()).succeeds().connectionId();
    Socket peer = accepted();
    assertEquals(control.relayed().socketAddress(), peer.getRemoteSocketAddress());
    data.client("alice").bindsConnection(id).succeeds();
    return new Joined(data, peer);
  }

  @Test
  void aClientTalksWithAPeerItConnectsToWhateverLoopItsConnectionsComeTo() throws Exception {
    for (int i = 0; i < 12; i++) {
      Client alice = (i % 3 == 2 ? overTls() : overTcp()).client("alice");
      alice.allocatesTcp().succeeds();
      Joined joined = join(alice, i % 2 == 0 ? overTcp() : overTls());
      joined.talk("hello " + i);
      joined.peer().close();
      assertTrue(joined.client().isHungUp());
      alice.refreshes(600).succeeds();
      alice.disconnects();
    }
  }

  @Test
  void aPeerThatConnectsIsTalkedWithOnceItIsBound() throws Exception {
    Client alice = overTcp().client("alice");
    alice.allocatesTcp().succeeds();
    alice.permits(TransportAddress.of(LOOPBACK, 1)).succeeds();
    try (Socket peer = new Socket()) {
      peer.setSoTimeout(Patience.MILLIS);
      peer.connect(alice.relayed().socketAddress(), Patience.MILLIS);
      peer.getOutputStream().write("early".getBytes(StandardCharsets.UTF_8));
      alice.hears("127.0.0.1:" + peer.getLocalPort() + " connects");
      StreamWire data = overTcp();
      data.client("alice").bindsConnection(alice.attemptedConnection()).succeeds();
      assertEquals("early", new String(data.reads(5), StandardCharsets.UTF_8));
      new Joined(data, peer).talk("hello");
      data.disconnect();
      assertEquals(-1, peer.getInputStream().read());
    }
  }

  @Test
  void aPeerWithoutAPermissionIsHungUpOn() throws IOException {
    Client alice = overTcp().client("alice");
    alice.allocatesTcp().succeeds();
    StreamWire peer = StreamWire.open(SocketFactory.getDefault(), LOOPBACK, alice.relayed().port());
    assertTrue(peer.isHungUp());
    alice.refreshes(600).succeeds();
  }

  @Test
  void noRelayListensBesideTheServer() throws IOException {
    int port = server.port();
    server.close();
    server = TurnServer.start(options().withPort(port).withRelayPorts(port, port));
    overTcp().client("alice").allocatesTcp().isRefused(508);
  }

  @Test
  void aPeerThatIsNotThereIsAFailure() throws IOException {
    Client alice = overTcp().client("alice");
    alice.allocatesTcp().succeeds();
    listening.close();
    alice.connects(listener()).isRefused(447);
  }

  @Test
  void megabytesArriveWholeAndASlowReaderIsWaitedFor() throws Exception {
    for (StreamWire data : new StreamWire[] {overTcp(), overTls()}) {
      Client alice = overTcp().client("alice");
      alice.allocatesTcp().succeeds();
      Joined joined = join(alice, data);
      byte[] much = new byte[6 << 20];
      new Random(1).nextBytes(much);
      CompletableFuture<Void> toPeer = meanwhile(() -> data.sendUnpadded(much));
      CompletableFuture<Void> toClient =
          meanwhile(() -> joined.peer().getOutputStream().write(much));
      // Neither end has read a byte so far; each is read to its end, one after the other.
      assertTrue(Arrays.equals(much, joined.peer().getInputStream().readNBytes(much.length)));
      assertTrue(Arrays.equals(much, data.reads(much.length)));
      toPeer.join();
      toClient.join();
    }
  }

  private interface Writing {
    void run() throws IOException;
  }

  /** On a thread of its own: the common pool has as few as the machine has cores. */
  private static CompletableFuture<Void> meanwhile(Writing writing) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            writing.run();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        task -> Thread.ofPlatform().daemon(true).start(task));
  }

  @Test
  void bandwidthThrottlesAndLosesNothing() throws IOException {
    server.close();
    server = TurnServer.start(options().withLimits(new Limits(100, 10, 10, 10, 200_000, 0, 100)));
    Client alice = overTcp().client("alice");
    alice.allocatesTcp().succeeds();
    Joined joined = join(alice, overTcp());
    byte[] much = new byte[400_000];
    new Random(2).nextBytes(much);
    CompletableFuture<Void> sending = meanwhile(() -> joined.client().sendUnpadded(much));
    assertTrue(Arrays.equals(much, joined.peer().getInputStream().readNBytes(much.length)));
    sending.join();
  }

  @Test
  void whatIsSentBehindTheRequestToBindIsForThePeer() throws IOException {
    Client alice = overTcp().client("alice");
    alice.allocatesTcp().succeeds();
    int id = alice.connects(listener()).succeeds().connectionId();
    Socket peer = accepted();
    StreamWire data = overTcp();
    Client binding = data.client("alice");
    binding.bindsConnection(id + 1).isRefused(400); // to know the nonce
    byte[] request =
        binding.signed(
            Method.CONNECTION_BIND, wish -> wish.number(AttributeType.CONNECTION_ID, id));
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.writeBytes(request);
    both.writeBytes("together".getBytes(StandardCharsets.UTF_8));
    data.sendUnpadded(both.toByteArray());
    assertEquals(
        "together", new String(peer.getInputStream().readNBytes(8), StandardCharsets.UTF_8));
    assertEquals(8, server.stats().bytesFromClients());
  }

  @Test
  void withTheServerEverythingIsClosed() throws IOException {
    Client alice = overTcp().client("alice");
    alice.allocatesTcp().succeeds();
    Joined joined = join(alice, overTcp());
    int port = alice.relayed().port();
    Patience.until(() -> server.stats().connections() == 2);
    server.close();
    assertEquals(-1, joined.peer().getInputStream().read());
    assertTrue(joined.client().isHungUp());
    joined.peer().close();
    try (ServerSocket free = new ServerSocket()) {
      free.setReuseAddress(true);
      free.bind(new InetSocketAddress(LOOPBACK, port));
    }
  }
}
