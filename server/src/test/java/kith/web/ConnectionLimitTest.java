package kith.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import kith.settings.Settings.MetricsAccess;
import kith.socketio.Limits;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConnectionLimitTest {
  private static final int MOST = 3;

  private final Vertx vertx = Vertx.vertx();
  private final Metrics metrics = new Metrics(MetricsAccess.OFF);
  private final List<Socket> open = new ArrayList<>();
  private ConnectionLimit limit = new ConnectionLimit(MOST, peer -> false);
  private HttpPort http;

  private void listen() {
    var parts =
        new HttpPort.Parts(
            request -> {},
            Limits.defaults(),
            new Api(
                List.of(Route.get("/health", request -> Answer.text(200, "text/plain", "well"))),
                InstantSource.system()),
            new WebApp(Optional.empty()),
            new TlsForCameras(false),
            new ClientAddresses(List.of()),
            limit,
            new Cors(Set.of()),
            new SecurityHeaders(false),
            metrics,
            InstantSource.system());
    http = new HttpPort(vertx, "127.0.0.1", 0, Optional.empty(), Optional.empty(), parts);
  }

  @AfterEach
  void close() throws IOException {
    for (Socket socket : open) {
      socket.close();
    }
    http.close();
    metrics.close();
    vertx.close().await();
  }

  /** The first line of what comes back on a new connection, which stays open; empty if it ends. */
  private String asks() throws IOException {
    Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), http.port());
    open.add(socket);
    socket.setSoTimeout(20_000);
    try {
      socket
          .getOutputStream()
          .write("GET /health HTTP/1.1\r\nHost: kith\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
    } catch (IOException reset) {
      return "";
    }
  }

  @Test
  void oneAddressHasSoManyAndMoreOnceSomeAreClosed() throws IOException {
    listen();
    for (int i = 0; i < MOST; i++) {
      assertEquals("HTTP/1.1 200", asks());
    }
    assertEquals("", asks());
    for (Socket socket : open) {
      socket.close();
    }
    open.clear();
    while (limit.addresses() > 0) {
      Thread.onSpinWait();
    }
    assertEquals("HTTP/1.1 200", asks());
  }

  @Test
  void whoCarriesOthersHasAnyNumber() throws IOException {
    limit = new ConnectionLimit(MOST, InetAddress::isLoopbackAddress);
    listen();
    for (int i = 0; i < 2 * MOST; i++) {
      assertEquals("HTTP/1.1 200", asks());
    }
    assertTrue(limit.addresses() == 0, "none is counted");
  }
}
