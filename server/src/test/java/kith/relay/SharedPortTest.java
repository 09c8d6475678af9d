package kith.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.File;
import java.io.InputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import kith.testing.KithServer;
import kith.tls.SelfSigned;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HTTPS and TURN over TLS on one port. */
class SharedPortTest {
  private static final String SECRET = "0123456789abcdefghij";
  private static final byte[] BINDING = request(0x0001);
  private static final int PATIENCE = 10_000;

  @TempDir private static Path directory;
  private static SelfSigned.PemFiles files;
  private static KithServer kith;

  @BeforeAll
  static void start() throws Exception {
    files = SelfSigned.in(directory, List.of(), Instant.now());
    kith =
        KithServer.start(
            "KITH_TLS_CERT",
            files.certificate().toString(),
            "KITH_TLS_KEY",
            files.key().toString(),
            "KITH_TURN_TLS_PORT",
            "0",
            "KITH_TURN_SECRET",
            SECRET);
  }

  @AfterAll
  static void stop() {
    kith.close();
  }

  private static byte[] request(int type) {
    return ByteBuffer.allocate(20)
        .putShort((short) type)
        .putShort((short) 0)
        .putInt(0x2112A442)
        .putInt(1)
        .putLong(2)
        .array();
  }

  private static Socket overTls() throws Exception {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    try (InputStream pem = Files.newInputStream(files.certificate())) {
      trusted.setCertificateEntry(
          "kith", CertificateFactory.getInstance("X.509").generateCertificate(pem));
    }
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    Socket socket = context.getSocketFactory().createSocket("127.0.0.1", kith.port());
    socket.setSoTimeout(PATIENCE);
    return socket;
  }

  private static String get(Socket socket) throws Exception {
    socket
        .getOutputStream()
        .write(
            "GET /api/config HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII));
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private static void bind(Socket socket) throws Exception {
    socket.getOutputStream().write(BINDING);
    byte[] answer = socket.getInputStream().readNBytes(32);
    assertEquals(0x0101, ByteBuffer.wrap(answer).getShort());
  }

  @Test
  void thePortAnswersHttpAndStunOverTls() throws Exception {
    try (Socket http = overTls();
        Socket stun = overTls()) {
      assertTrue(get(http).startsWith("HTTP/1.1 200"));
      for (int i = 0; i < 10; i++) {
        bind(stun);
      }
    }
  }

  @Test
  void aMessageMayComeByteByByte() throws Exception {
    try (Socket stun = overTls()) {
      for (byte one : BINDING) {
        stun.getOutputStream().write(one);
      }
      assertEquals(0x01, stun.getInputStream().readNBytes(32)[0]);
    }
  }

  @Test
  void thePortAnswersHttpAndStunWithoutTlsToo() throws Exception {
    try (Socket stun = new Socket("127.0.0.1", kith.port());
        Socket http = new Socket("127.0.0.1", kith.port())) {
      stun.setSoTimeout(PATIENCE);
      http.setSoTimeout(PATIENCE);
      bind(stun);
      assertTrue(get(http).startsWith("HTTP/1.1 200"));
    }
  }

  @Test
  void whatBeginsLikeStunAndIsNoneEndsTheConnection() throws Exception {
    try (Socket strange = overTls()) {
      strange.getOutputStream().write(new byte[] {0, 1, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8});
      assertEquals(-1, strange.getInputStream().read());
    }
  }

  @Test
  void clientsAreToldOfIt() {
    List<?> servers = kith.person("alice").gets("/api/ice-servers").list("iceServers");
    Object urls = ((Map<?, ?>) servers.get(1)).get("urls");
    // This test's people come over plain HTTP, where no HTTPS port is to be seen.
    assertTrue(urls.toString().contains("turns:localhost:"), urls.toString());
  }

  @Test
  void coturnsClientRelaysOverIt() throws Exception {
    String tool =
        Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
            .map(folder -> Path.of(folder, "turnutils_uclient"))
            .filter(Files::isExecutable)
            .findFirst()
            .map(Path::toString)
            .orElseGet(() -> fail("turnutils_uclient is missing: install the package coturn"));
    // It counts as lost what comes later than it cares to wait, which on a busy machine happens.
    String said = relaysBy(tool);
    for (int more = 0; more < 2 && !lostNothing(said); more++) {
      said = relaysBy(tool);
    }
    assertTrue(lostNothing(said), said);
  }

  private static boolean lostNothing(String said) {
    return said.contains("Total lost packets 0 ");
  }

  private static String relaysBy(String tool) throws Exception {
    Path log = directory.resolve("uclient.log");
    Process client =
        new ProcessBuilder(
                tool,
                "-S",
                "-t",
                "-y",
                "-n",
                "20",
                "-m",
                "2",
                "-u",
                "alice",
                "-W",
                SECRET,
                "-p",
                String.valueOf(kith.port()),
                "127.0.0.1")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    boolean ended = client.waitFor(60, TimeUnit.SECONDS);
    client.destroy();
    String said = Files.readString(log);
    assertTrue(ended, said);
    return said;
  }
}
