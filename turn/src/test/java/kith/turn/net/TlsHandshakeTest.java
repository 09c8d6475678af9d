package kith.turn.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client costs while its handshake is under way. */
class TlsHandshakeTest {
  @TempDir private static Path directory;
  private static TestCertificate certificate;
  private static Tls tls;

  private final List<SSLEngine> engines = new ArrayList<>();
  private final List<Runnable> steps = new ArrayList<>();
  private final ByteBuffer answered = ByteBuffer.allocate(20_000);
  private final ByteBuffer decrypted = ByteBuffer.allocate(100_000);
  private Selector selector;
  private SocketChannel client;
  private SocketChannel accepted;

  @BeforeAll
  static void makeCertificate() throws Exception {
    certificate = TestCertificate.make(directory, "handshake");
    tls = new Tls(certificate.options());
  }

  @BeforeEach
  void connect() throws IOException {
    selector = Selector.open();
    try (ServerSocketChannel listening = ServerSocketChannel.open()) {
      listening.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
      client = SocketChannel.open(listening.getLocalAddress());
      accepted = listening.accept();
      accepted.configureBlocking(false);
    }
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    accepted.close();
    selector.close();
  }

  private TlsStream served(Executor elsewhere) throws IOException {
    return served(new Handshakes(elsewhere, 1));
  }

  private TlsStream served(Handshakes handshakes) throws IOException {
    TlsStream stream = new TlsStream(accepted, this::engine, handshakes);
    stream.serve(selector, key -> {});
    return stream;
  }

  private SSLEngine engine() {
    SSLEngine made = tls.engine();
    engines.add(made);
    return made;
  }

  private void says(byte... bytes) throws IOException {
    client.write(ByteBuffer.wrap(bytes));
  }

  /** The first that a client says. */
  private void saysHello() throws Exception {
    SSLEngine other = SSLContext.getDefault().createSSLEngine();
    other.setUseClientMode(true);
    ByteBuffer hello = ByteBuffer.allocate(20_000);
    other.wrap(ByteBuffer.allocate(0), hello);
    client.write(hello.flip());
  }

  private boolean isTold() throws IOException {
    selector.selectedKeys().clear();
    return selector.selectNow() > 0;
  }

  /** Reads what was sent; over the loopback it is there once it is sent. */
  private int reads(TlsStream stream) throws IOException {
    int count = stream.read(decrypted);
    stream.watch(true, stream.isHoldingBack());
    return count;
  }

  @Test
  void whoSaysNothingHasNoEngine() throws IOException {
    TlsStream stream = served(steps::add);
    assertEquals(0, reads(stream));
    assertFalse(stream.isEstablished());
    assertEquals(List.of(), engines);
    says((byte) 22);
    assertEquals(0, reads(stream));
    assertEquals(1, engines.size());
  }

  @Test
  void whoHangsUpBeforeItSaysAnythingHasNoneEither() throws IOException {
    TlsStream stream = served(steps::add);
    client.close();
    assertEquals(-1, reads(stream));
    assertEquals(List.of(), engines);
  }

  @Test
  void bytesThatComeWhileAStepIsThoughtAboutWakeNobody() throws Exception {
    TlsStream stream = served(steps::add);
    saysHello();
    assertTrue(isTold());
    reads(stream);
    assertEquals(1, steps.size());
    says((byte) 22);
    assertFalse(isTold());
    client.shutdownOutput();
    assertFalse(isTold());
  }

  @Test
  void theyAreReadOnceItIsDone() throws Exception {
    int[] woken = {0};
    TlsStream stream = served(steps::add);
    stream.onWake(() -> woken[0]++);
    saysHello();
    reads(stream);
    says((byte) 22);
    steps.removeFirst().run();
    assertEquals(1, woken[0]);
    reads(stream);
    client.shutdownOutput();
    assertTrue(isTold());
    assertEquals(-1, reads(stream));
  }

  @Test
  void noStepIsTakenForAConnectionThatHasEnded() throws Exception {
    TlsStream stream = served(steps::add);
    saysHello();
    reads(stream);
    stream.close();
    steps.removeFirst().run();
    assertEquals(HandshakeStatus.NEED_TASK, engines.getFirst().getHandshakeStatus());
  }

  @Test
  void aStepThatThereIsNoRoomForEndsTheConnection() throws Exception {
    TlsStream stream =
        served(
            step -> {
              throw new RejectedExecutionException("no room");
            });
    saysHello();
    assertThrows(SSLException.class, () -> reads(stream));
    stream.close();
    assertFalse(accepted.isOpen());
  }

  @Test
  void onlySoManyHandshakesAreUnderWay() throws IOException {
    Handshakes handshakes = new Handshakes(steps::add, 1);
    assertTrue(handshakes.begin());
    TlsStream stream = served(handshakes);
    assertEquals(0, reads(stream), "who says nothing yet needs no place");
    says((byte) 22);
    assertThrows(SSLException.class, () -> reads(stream));
    stream.close();
    handshakes.end();
    assertEquals(List.of(), engines);
    assertTrue(handshakes.begin());
    assertFalse(handshakes.begin());
  }

  @Test
  void oneThatIsBrokenOffGivesItsPlaceBack() throws IOException {
    Handshakes handshakes = new Handshakes(steps::add, 1);
    TlsStream stream = served(handshakes);
    says((byte) 22);
    reads(stream);
    assertFalse(handshakes.begin());
    stream.close();
    stream.close();
    assertTrue(handshakes.begin());
    assertFalse(handshakes.begin());
  }

  @Test
  void oneThatIsOverGivesItsPlaceBack() throws Exception {
    Handshakes handshakes = new Handshakes(Runnable::run, 1);
    TlsStream stream = served(handshakes);
    SSLEngine other = trusting();
    while (!stream.isEstablished()) {
      exchange(other, stream);
    }
    assertTrue(handshakes.begin());
    stream.close();
    assertFalse(handshakes.begin());
  }

  /** One step of the client's handshake, and what the server does about it. */
  private void exchange(SSLEngine other, TlsStream stream) throws IOException {
    if (other.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
      other.getDelegatedTask().run();
    } else if (other.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
      ByteBuffer message = ByteBuffer.allocate(20_000);
      other.wrap(ByteBuffer.allocate(0), message);
      client.write(message.flip());
      reads(stream);
    } else {
      client.configureBlocking(false);
      client.read(answered);
      answered.flip();
      other.unwrap(answered, ByteBuffer.allocate(20_000));
      answered.compact();
      reads(stream);
    }
  }

  private static SSLEngine trusting() throws Exception {
    SSLEngine other = certificate.context().createSSLEngine();
    other.setUseClientMode(true);
    return other;
  }

  @Test
  void onlySoManyStepsWait() throws Exception {
    CountDownLatch held = new CountDownLatch(1);
    try (Handshakes handshakes = new Handshakes(Handshakes.threads(1, 2), 10)) {
      for (int i = 0; i < 3; i++) {
        handshakes.execute(() -> await(held));
      }
      assertThrows(RejectedExecutionException.class, () -> handshakes.execute(() -> {}));
      held.countDown();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
