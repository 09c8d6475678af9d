package kith.turn.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import kith.turn.world.Client;
import kith.turn.world.World;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The standalone server as an operator starts, watches and stops it. */
@EnabledOnOs(OS.LINUX)
class MainTest {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
  private static final int BY_SIGTERM = 143;

  @TempDir private Path directory;
  private String users;

  @BeforeEach
  void write() throws IOException {
    users = Files.writeString(directory.resolve("users"), "alice:wonderland\n").toString();
  }

  private MainProcess start(String... more) throws IOException {
    String[] all = new String[more.length + 4];
    System.arraycopy(new String[] {"--realm", World.REALM, "--user-file", users}, 0, all, 0, 4);
    System.arraycopy(more, 0, all, 4, more.length);
    return MainProcess.start(directory, all);
  }

  private static Client alice(MainProcess server) throws IOException {
    return UdpWire.client("alice", LOOPBACK, server.port());
  }

  @Test
  void allocationsAreToldALineEachAndPrometheusReadsTheCounters() throws Exception {
    try (MainProcess server = start("--log-allocations", "--metrics-port", "0")) {
      Client alice = alice(server);
      alice.allocates().succeeds();
      alice.refreshes(0).succeeds();
      server.prints("event=made allocation=1 user=\"alice\" transport=udp client=127.0.0.1:\\d+");
      server.prints("event=ended allocation=1 user=\"alice\" transport=udp reason=released");

      String url = server.prints("metrics at (http://127.0.0.1:\\d+/metrics)").group(1);
      HttpResponse<String> page = get(url);
      assertEquals(200, page.statusCode());
      holds(page.body(), "kith_turn_allocations 0");
      holds(page.body(), "kith_turn_allocations_made_total 1");
      holds(page.body(), "kith_turn_allocations_expired_total 0");
      holds(page.body(), "kith_turn_allocations_by_transport_total{transport=\"udp\"} 1");
      holds(
          page.body(), "kith_turn_refusals_total{reason=\"unauthenticated\",transport=\"udp\"} 1");
      holds(page.body(), "kith_turn_drops_total{reason=\"bandwidth\"} 0");
      holds(page.body(), "kith_turn_draining 0");
      assertEquals(404, get(url + "/../secret").statusCode());
      server.terminate();
      assertEquals(BY_SIGTERM, server.exitCode());
    }
  }

  private static HttpResponse<String> get(String url) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
          HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  private static void holds(String page, String line) {
    assertTrue(page.lines().anyMatch(line::equals), () -> "no line " + line + " in\n" + page);
  }

  @Test
  void sigtermWaitsForTheLastAllocation() throws Exception {
    try (MainProcess server = start("--drain-seconds", "600")) {
      Client alice = alice(server);
      alice.allocates().succeeds();
      server.terminate();
      server.prints("draining: no new allocations, 1 live");
      alice(server).allocates().isRefused(508);
      alice.refreshes(600).succeeds();
      assertTrue(server.isAlive());
      alice.refreshes(0).succeeds();
      assertEquals(BY_SIGTERM, server.exitCode());
    }
  }

  @Test
  void sigtermMayWaitForAllButSoMany() throws Exception {
    try (MainProcess server = start("--drain-seconds", "600", "--drain-allocations", "1")) {
      Client alice = alice(server);
      alice.allocates().succeeds();
      alice(server).allocates().succeeds();
      server.terminate();
      server.prints("draining: no new allocations, 2 live ones may end within 600 s, all but 1");
      alice.refreshes(600).succeeds();
      alice.refreshes(0).succeeds();
      assertEquals(BY_SIGTERM, server.exitCode());
      server.prints("drained: 1 allocations are cut");
    }
  }

  @Test
  void aSecondSigtermWaitsNoLonger() throws Exception {
    try (MainProcess server = start("--drain-seconds", "600", "--log-allocations")) {
      alice(server).allocates().succeeds();
      server.terminate();
      server.prints("draining");
      server.terminate();
      assertEquals(BY_SIGTERM, server.exitCode());
      server.prints("event=ended allocation=1 user=\"alice\" transport=udp reason=shut_down");
    }
  }

  @Test
  void withNoTimeToDrainSigtermStopsAtOnce() throws Exception {
    try (MainProcess server = start()) {
      alice(server).allocates().succeeds();
      server.terminate();
      assertEquals(BY_SIGTERM, server.exitCode());
      assertFalse(server.output().contains("draining"), server.output());
    }
  }

  @Test
  void aBadOptionIsToldInALine() throws Exception {
    try (MainProcess server = start("--allocations", "none")) {
      assertEquals(2, server.exitCode());
      server.prints("--allocations: needs a number, not \"none\"");
      server.prints("--help");
    }
  }
}
