package kith.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import kith.testing.Browser;
import kith.testing.KithServer;
import kith.testing.RawClient;
import kith.testing.Reply;
import kith.testing.TestClock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class HttpPortTest {
  private static KithServer kith;

  @BeforeAll
  static void start() {
    kith =
        KithServer.start(
            "KITH_ALLOWED_ORIGINS", "http://localhost:8081", "KITH_TRUSTED_PROXIES", "127.0.0.1");
  }

  @AfterAll
  static void stop() {
    kith.close();
  }

  @Test
  void healthTellsWhatWasChecked() {
    Reply health = kith.stranger().health().isOk();
    assertEquals("healthy", health.text("status"));
    assertEquals("ok", health.text("checks.database"));
    assertEquals("ok", health.text("checks.relay"));
  }

  @Test
  void metricsAreForThisMachineAndItsNetwork() {
    String metrics = kith.stranger().get("/metrics").isOk().body();
    assertTrue(metrics.contains("kith_turn_allocations"), metrics);
    assertTrue(metrics.contains("kith_turn_packets_to_clients_total{transport=\"udp\"}"), metrics);
    assertTrue(metrics.contains("jvm_memory_used_bytes"), metrics);
    kith.stranger().with("X-Forwarded-For", "203.0.113.9").get("/metrics").is(404);
  }

  @Test
  void metricsAreNotForWhomAProxyNobodyTrustsPassesOn() {
    try (KithServer behind = KithServer.start()) {
      behind.stranger().get("/metrics").isOk();
      for (String header : List.of("X-Forwarded-For", "Forwarded", "Via", "X-Real-IP")) {
        behind.stranger().with(header, "127.0.0.1").get("/metrics").is(404);
      }
    }
  }

  @Test
  void onePortSpeaksTlsToo() throws IOException, InterruptedException, GeneralSecurityException {
    HttpClient client = HttpClient.newBuilder().sslContext(trustingTheServersOwn()).build();
    URI uri = URI.create("https://localhost:" + kith.port() + "/api/config");
    var answer = client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    assertEquals(200, answer.statusCode());
  }

  @Test
  void webSocketsSpeakTlsToo() throws IOException, GeneralSecurityException {
    try (RawClient client = RawClient.open(kith.port(), trustingTheServersOwn())) {
      String answer = client.connect(new JsonObject());
      assertTrue(answer.startsWith("44") && answer.contains("token_missing"), answer);
    }
  }

  private static SSLContext trustingTheServersOwn() throws IOException, GeneralSecurityException {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    try (var pem = Files.newInputStream(kith.dataDir().resolve("tls/certificate.pem"))) {
      var certificate = CertificateFactory.getInstance("X.509").generateCertificate(pem);
      trusted.setCertificateEntry("kith", certificate);
    }
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  @Test
  void aPhoneThatOpensTheAppOverHttpIsSentToTls() throws IOException {
    String answer = get("/i/abc?x=1", "192.168.1.5:" + kith.port(), "Accept: text/html\r\n");
    assertTrue(answer.startsWith("HTTP/1.1 307"), answer);
    assertTrue(answer.contains("https://192.168.1.5:" + kith.port() + "/i/abc?x=1"), answer);
  }

  @Test
  void anAppThatIsNoPageMayUseHttp() throws IOException {
    assertTrue(get("/api/config", "192.168.1.5", "Accept: */*\r\n").startsWith("HTTP/1.1 200"));
  }

  @Test
  void aProxyThatEndsTlsIsNotSentAround() throws IOException {
    String headers = "Accept: text/html\r\nX-Forwarded-Proto: https\r\n";
    assertTrue(get("/", "192.168.1.5", headers).startsWith("HTTP/1.1 503"));
  }

  @Test
  void aPageOfAnAllowedOriginMayUseTheApi() {
    Reply preflight =
        kith.stranger()
            .with("Origin", "http://localhost:8081")
            .with("Access-Control-Request-Method", "POST")
            .send("OPTIONS", "/api/auth/login", null)
            .is(204);
    assertEquals(
        "http://localhost:8081", preflight.header("access-control-allow-origin").orElse(""));
    assertTrue(
        preflight.header("access-control-allow-headers").orElse("").contains("Authorization"));
    Reply other = kith.stranger().with("Origin", "http://evil.example").get("/api/config").isOk();
    assertTrue(other.header("access-control-allow-origin").isEmpty());
  }

  @Test
  void inventedMethodsAreCountedAsOne() throws IOException {
    for (String method : new String[] {"INVENTED", "MADEUP"}) {
      raw(method + " /api/config HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    }
    String metrics = kith.stranger().get("/metrics").isOk().body();
    assertTrue(metrics.contains("method=\"other\""), metrics);
    assertFalse(metrics.contains("INVENTED") || metrics.contains("MADEUP"), metrics);
  }

  @Test
  void everyForwardedForLineCounts() throws IOException {
    String hops = "X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-For: 203.0.113.9\r\n";
    assertTrue(get("/metrics", "localhost", hops).startsWith("HTTP/1.1 404"));
  }

  @Test
  void newSocketsFromOneAddressAreLimitedAndOthersGoOn() {
    // Of the limit nothing comes back meanwhile, however long all this takes.
    try (KithServer still =
        KithServer.start(new TestClock(), "KITH_TRUSTED_PROXIES", "127.0.0.1")) {
      Browser flood = still.stranger().with("X-Forwarded-For", "2001:db8::1");
      Browser neighbour = still.stranger().with("X-Forwarded-For", "2001:db8::2");
      Browser elsewhere = still.stranger().with("X-Forwarded-For", "2001:db8:0:1::1");
      String handshake = "/socket.io/?EIO=4&transport=polling";
      for (int i = 0; i < 600; i++) {
        flood.get(handshake).isOk();
      }
      flood.get(handshake).isProblem(429, "rate_limited");
      neighbour.get(handshake + "&SID=x").isProblem(429, "rate_limited");
      elsewhere.get(handshake).isOk();
    }
  }

  @Test
  void headIsLikeGetWithoutTheBody() {
    Reply head = kith.stranger().send("HEAD", "/api/config", null).isOk();
    assertEquals("", head.body());
  }

  @Test
  void aRequestThatIsNoneIsRefusedAndOthersGoOn() throws IOException {
    assertTrue(raw("NONSENSE\r\n\r\n").startsWith("HTTP/1.0 400"));
    String header = "X: " + "x".repeat(20_000) + "\r\n";
    assertTrue(get("/api/config", "localhost", header).startsWith("HTTP/1.1 431"));
    kith.stranger().get("/api/config").isOk();
  }

  private static String get(String path, String host, String headers) throws IOException {
    return raw(
        "GET "
            + path
            + " HTTP/1.1\r\nHost: "
            + host
            + "\r\n"
            + headers
            + "Connection: close\r\n\r\n");
  }

  private static String raw(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), kith.port())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
