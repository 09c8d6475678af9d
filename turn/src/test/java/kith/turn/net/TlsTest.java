package kith.turn.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import javax.net.SocketFactory;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import kith.turn.stun.MessageClass;
import kith.turn.stun.Method;
import kith.turn.stun.StunWriter;
import kith.turn.stun.TransactionId;
import kith.turn.world.Client;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TURN over TLS on real sockets. */
class TlsTest {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  @TempDir private static Path directory;
  private static TestCertificate certificate;
  private TurnServer server;

  @BeforeAll
  static void makeCertificate() throws Exception {
    certificate = TestCertificate.make(directory, "first");
  }

  @BeforeEach
  void start() throws IOException {
    server = TurnServer.start(options());
  }

  private TurnOptions options() {
    return OnLoopback.options().withTls(certificate.options());
  }

  @AfterEach
  void close() {
    server.close();
  }

  private Client overTls(String user, SocketFactory sockets) {
    return StreamWire.client(user, sockets, LOOPBACK, server.tlsPort().orElseThrow());
  }

  @Test
  void twoClientsTalkOverTls() throws Exception {
    Client alice = overTls("alice", certificate.sockets());
    Client bob = overTls("bob", certificate.sockets());
    alice.allocates().succeeds();
    bob.allocates().succeeds();
    alice.bindsChannel(0x4000, bob.relayed()).succeeds();
    bob.bindsChannel(0x4000, alice.relayed()).succeeds();
    for (String text : new String[] {"", "hello", "x".repeat(1_200), "y".repeat(65_000)}) {
      alice.sendsOnChannel(0x4000, text);
      bob.hears("4000 " + text);
      bob.sendsOnChannel(0x4000, text);
      alice.hears("4000 " + text);
    }
    assertEquals(2, server.stats().connections());
  }

  @Test
  void aBurstArrivesWholeAndInOrder() throws Exception {
    Client alice = overTls("alice", certificate.sockets());
    Client bob = overTls("bob", certificate.sockets());
    alice.allocates().succeeds();
    bob.allocates().succeeds();
    alice.bindsChannel(0x4000, bob.relayed()).succeeds();
    bob.bindsChannel(0x4000, alice.relayed()).succeeds();
    String[] all = new String[100];
    for (int i = 0; i < all.length; i++) {
      alice.sendsOnChannel(0x4000, "packet " + i);
      all[i] = "4000 packet " + i;
    }
    bob.hears(all);
  }

  @Test
  void aNewCertificateServesNewConnectionsAndOldOnesStay() throws Exception {
    TestCertificate served = TestCertificate.make(directory, "served");
    TestCertificate second = TestCertificate.make(directory, "second");
    server.close();
    server = TurnServer.start(options().withTls(served.options()));
    Client alice = overTls("alice", served.sockets());
    alice.allocates().succeeds();
    second.replace(served);
    untilTrusted(second).binds().succeeds();
    alice.refreshes(600).succeeds();
  }

  /** The server looks at its files every two seconds. */
  private Client untilTrusted(TestCertificate wanted) throws Exception {
    long end = System.nanoTime() + Patience.LONG.toNanos();
    while (true) {
      try {
        Client client = overTls("alice", wanted.sockets());
        client.binds();
        return client;
      } catch (UncheckedIOException e) {
        assertTrue(System.nanoTime() < end, "the new certificate is served");
        LockSupport.parkNanos(20_000_000);
      }
    }
  }

  @Test
  void aHandshakeThatNeverEndsEndsTheConnection() throws IOException {
    server.close();
    server =
        TurnServer.start(options().withPatience(Duration.ofMillis(200), Duration.ofSeconds(60)));
    StreamWire silent =
        StreamWire.open(SocketFactory.getDefault(), LOOPBACK, server.tlsPort().orElseThrow());
    silent.sendUnpadded(new byte[] {0x16, 3, 1, 2});
    assertTrue(silent.isHungUp());
  }

  @Test
  void oneThatDribblesGainsNothingByIt() throws IOException {
    server.close();
    server =
        TurnServer.start(options().withPatience(Duration.ofMillis(200), Duration.ofSeconds(60)));
    StreamWire dribbler =
        StreamWire.open(SocketFactory.getDefault(), LOOPBACK, server.tlsPort().orElseThrow());
    dribbler.sendUnpadded(new byte[] {22, 3, 1, 64, 0, 1, 0, 63, (byte) 252});
    assertTrue(dribbler.isHungUpOnWhileItDribbles());
  }

  @Test
  void aRecordThatIsTooLongEndsTheConnectionThoughItNeverEnds() throws IOException {
    leaveTimeAside();
    StreamWire strange =
        StreamWire.open(SocketFactory.getDefault(), LOOPBACK, server.tlsPort().orElseThrow());
    strange.sendUnpadded(endlessRecord(22, 1));
    assertTrue(strange.isHungUp());
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void soItDoesOnceTheHandshakeIsOver(String version) throws Exception {
    leaveTimeAside();
    int port = server.tlsPort().orElseThrow();
    try (Socket plain = new Socket(LOOPBACK, port);
        SSLSocket socket =
            (SSLSocket)
                certificate.sockets().createSocket(plain, LOOPBACK.getHostAddress(), port, false)) {
      socket.setSoTimeout(Patience.MILLIS);
      socket.setEnabledProtocols(new String[] {version});
      socket.startHandshake();
      socket.getOutputStream().write(bindingRequest());
      assertEquals(1, socket.getInputStream().read(), "the answer is a success: 0x0101");
      plain.getOutputStream().write(endlessRecord(23, 3));
      assertTrue(isHungUp(socket));
    }
  }

  /** Whom the server hangs up on now, it does not for being late. */
  private void leaveTimeAside() throws IOException {
    server.close();
    server =
        TurnServer.start(options().withPatience(Duration.ofMinutes(10), Duration.ofMinutes(10)));
  }

  /** More than the longest record there is, of one that says it is longer. */
  private static byte[] endlessRecord(int type, int version) {
    return ByteBuffer.allocate(5 + 20_000)
        .put((byte) type)
        .put((byte) 3)
        .put((byte) version)
        .putShort((short) 0x8000)
        .array();
  }

  @Test
  void whatIsNoTlsEndsTheConnection() throws IOException {
    StreamWire plain =
        StreamWire.open(SocketFactory.getDefault(), LOOPBACK, server.tlsPort().orElseThrow());
    plain.sendUnpadded("GET / HTTP/1.1\r\n\r\n".getBytes());
    assertTrue(plain.isHungUp());
  }

  @Test
  void itsPortCannotBeThatOfTcpToo() {
    int port = server.port();
    server.close();
    TlsOptions same = new TlsOptions(port, certificate.chain(), certificate.key());
    IOException refused =
        assertThrows(
            IOException.class, () -> TurnServer.start(options().withPort(port).withTls(same)));
    assertEquals("port " + port + " is asked for twice", refused.getMessage());
  }

  @Test
  void filesThatAreNoCertificateAreNamed() throws IOException {
    Path nothing = Files.writeString(directory.resolve("nothing.pem"), "nothing");
    TlsOptions wrong = new TlsOptions(0, certificate.chain(), nothing);
    IOException refused =
        assertThrows(IOException.class, () -> TurnServer.start(options().withTls(wrong)));
    assertTrue(refused.getMessage().contains("nothing.pem"), refused.getMessage());
  }

  @Test
  void aKeyOfAnotherCertificateIsRefused() throws Exception {
    TestCertificate other = TestCertificate.make(directory, "other");
    TlsOptions wrong = new TlsOptions(0, certificate.chain(), other.key());
    IOException refused =
        assertThrows(IOException.class, () -> TurnServer.start(options().withTls(wrong)));
    assertEquals(
        other.key() + " is not the key of the first in " + certificate.chain(),
        refused.getMessage());
  }

  @Test
  void aKeyThatIsCutOffIsNamed() throws IOException {
    Path cutOff = directory.resolve("cut-off.key");
    Files.writeString(
        cutOff, "-----BEGIN PRIVATE KEY-----\nMIGHAgEAM\n-----END PRIVATE KEY-----\n");
    TlsOptions wrong = new TlsOptions(0, certificate.chain(), cutOff);
    IOException refused =
        assertThrows(IOException.class, () -> TurnServer.start(options().withTls(wrong)));
    assertTrue(refused.getMessage().contains("cut-off.key"), refused.getMessage());
  }

  @Test
  void aRenewalThatIsCaughtHalfWayChangesNothing() throws Exception {
    TestCertificate served = TestCertificate.make(directory, "half");
    TestCertificate renewed = TestCertificate.make(directory, "renewed");
    Tls tls = new Tls(served.options());
    Files.copy(renewed.chain(), served.chain(), StandardCopyOption.REPLACE_EXISTING);
    assertThrows(IOException.class, tls::reload);
    Files.copy(renewed.key(), served.key(), StandardCopyOption.REPLACE_EXISTING);
    assertTrue(tls.reload());
    assertFalse(tls.reload());
  }

  @Test
  void aClientMayNotRenegotiate() throws Exception {
    SSLSocketFactory sockets = certificate.sockets();
    try (SSLSocket socket =
        (SSLSocket) sockets.createSocket(LOOPBACK, server.tlsPort().orElseThrow())) {
      socket.setSoTimeout(Patience.MILLIS);
      socket.setEnabledProtocols(new String[] {"TLSv1.2"});
      socket.startHandshake();
      socket.getOutputStream().write(bindingRequest());
      assertEquals(1, socket.getInputStream().read(), "the answer is a success: 0x0101");
      socket.startHandshake(); // begins another, and does not wait for it
      assertTrue(isHungUp(socket));
    }
  }

  private static boolean isHungUp(SSLSocket socket) throws IOException {
    try {
      socket.getInputStream().readAllBytes();
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (SSLException | SocketException e) {
      return true;
    }
  }

  private static byte[] bindingRequest() {
    return StunWriter.of(MessageClass.REQUEST, Method.BINDING, new TransactionId(1, 2)).finish();
  }
}
