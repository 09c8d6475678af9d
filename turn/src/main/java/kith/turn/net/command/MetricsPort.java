package kith.turn.net.command;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import kith.turn.net.TurnServer;

/** Where Prometheus, on this machine, reads the server's counters. */
final class MetricsPort implements AutoCloseable {
  private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");
  private static final int BACKLOG = 16;

  private final HttpServer http;
  private final TurnServer server;

  MetricsPort(TurnServer server, int port) throws IOException {
    this.server = server;
    try {
      this.http = HttpServer.create(new InetSocketAddress(HERE, port), BACKLOG);
    } catch (IOException e) {
      throw new IOException("no metrics on 127.0.0.1 port " + port + ": " + e.getMessage(), e);
    }
    // Who is slow holds up nobody else.
    http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    http.createContext("/", this::answer);
    http.start();
  }

  String url() {
    return "http://127.0.0.1:" + http.getAddress().getPort() + "/metrics";
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      boolean known = exchange.getRequestURI().getPath().equals("/metrics");
      boolean reads = exchange.getRequestMethod().equals("GET");
      if (!known || !reads) {
        exchange.sendResponseHeaders(known ? 405 : 404, -1);
        return;
      }
      byte[] page =
          PrometheusText.of(server.stats(), server.isDraining()).getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
      exchange.sendResponseHeaders(200, page.length);
      exchange.getResponseBody().write(page);
    }
  }

  @Override
  public void close() {
    http.stop(0);
  }
}
