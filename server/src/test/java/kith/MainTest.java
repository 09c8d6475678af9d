package kith;

import static kith.testing.RawClient.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kith.testing.Browser;
import kith.testing.RawClient;
import kith.testing.Reply;
import kith.testing.ServerProcess;
import kith.testing.TurnClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server as a person starts, reads and stops it. */
class MainTest {
  @TempDir Path data;

  @Test
  void aFirstStartTellsHowToBeginAndAStopIsClean() throws IOException, InterruptedException {
    try (ServerProcess server = ServerProcess.start(data, Map.of())) {
      server.stranger().health().isOk();
      server.prints(Pattern.compile("Nobody has an account yet"));
      server.terminate();
      assertTrue(Files.readString(data.resolve("logs/server.log")).contains("Stopped"));
    }
  }

  @Test
  void theDemoSignsTwoPeopleInAndIsAddedOnce() throws IOException, InterruptedException {
    for (int start = 0; start < 2; start++) {
      try (ServerProcess server = ServerProcess.start(data, Map.of(), "--demo")) {
        Browser stranger = server.stranger();
        Reply ada = signIn(stranger, server, "Ada");
        Reply circles = stranger.withToken(ada.text("token")).get("/api/circles").isOk();
        assertEquals(1, circles.list("circles").size());
        assertEquals(2, ((Map<?, ?>) circles.list("circles").getFirst()).get("memberCount"));
        signIn(stranger, server, "Ben");
        server.terminate();
      }
    }
  }

  private static Reply signIn(Browser stranger, ServerProcess server, String name)
      throws IOException {
    Matcher link = server.prints(Pattern.compile(name + "  http://localhost:\\d+/#token=(\\S+)"));
    return stranger.post("/api/auth/refresh", "refreshToken", link.group(1)).isOk();
  }

  @Test
  void badSettingsAreToldALineEach() throws IOException, InterruptedException {
    Map<String, String> bad = Map.of("KITH_JWT_SECRET", "changeme", "KITH_TLS", "maybe");
    try (ServerProcess server = ServerProcess.start(data, bad)) {
      assertEquals(3, server.exitCode());
      assertEquals(2, server.output().lines().count(), server.output());
    }
  }

  @Test
  void aTakenPortIsNamed() throws IOException, InterruptedException {
    try (ServerSocket taken = new ServerSocket(0)) {
      Map<String, String> same = Map.of("KITH_PORT", "" + taken.getLocalPort());
      try (ServerProcess server = ServerProcess.start(data, same)) {
        assertEquals(5, server.exitCode());
        assertTrue(
            server.output().contains("port " + taken.getLocalPort() + " is taken"),
            server.output());
        assertFalse(server.output().contains("\tat "), server.output());
      }
    }
  }

  @Test
  void sigtermLetsRelayedCallsEndAsLongAsTheOperatorSays() throws Exception {
    try (ServerProcess server =
        ServerProcess.start(data, Map.of("KITH_TURN_DRAIN_SECONDS", "600"))) {
      Reply iceServers = iceServers(server);
      try (TurnClient alice = TurnClient.of(iceServers).allocates();
          TurnClient late = TurnClient.of(iceServers)) {
        server.signal();
        server.prints(Pattern.compile("draining"));
        late.isRefusedAnAllocation(508);
        alice.refreshes(600);
        assertTrue(server.stranger().get("/health").is(503).body().contains("draining"));
        alice.refreshes(0);
        server.exitCode();
        assertTrue(Files.readString(data.resolve("logs/server.log")).contains("Stopped"));
      }
    }
  }

  @Test
  void aSecondSigtermWaitsForNoCall() throws Exception {
    try (ServerProcess server =
            ServerProcess.start(data, Map.of("KITH_TURN_DRAIN_SECONDS", "600"));
        TurnClient alice = TurnClient.of(iceServers(server))) {
      alice.allocates();
      server.signal();
      server.prints(Pattern.compile("draining"));
      server.terminate();
      assertTrue(Files.readString(data.resolve("logs/server.log")).contains("Stopped"));
    }
  }

  private static Reply iceServers(ServerProcess server) throws IOException {
    Browser stranger = server.stranger();
    Reply alice =
        stranger
            .post("/api/auth/register", "username", "alice", "password", "correct-horse-9")
            .is(201);
    return stranger.withToken(alice.text("token")).get("/api/ice-servers").isOk();
  }

  @Test
  void anUnknownOptionIsExplained() throws IOException, InterruptedException {
    try (ServerProcess server = ServerProcess.start(data, Map.of(), "--dmeo")) {
      assertEquals(2, server.exitCode());
      assertTrue(server.output().contains("usage:"), server.output());
    }
  }

  @Test
  void theLogHoldsNoSecrets() throws IOException, InterruptedException {
    try (ServerProcess server = ServerProcess.start(data, Map.of("KITH_LOG_LEVEL", "debug"))) {
      Browser stranger = server.stranger();
      String password = "correct-horse-9";
      Reply alice =
          stranger.post("/api/auth/register", "username", "alice", "password", password).is(201);
      Reply bob =
          stranger.post("/api/auth/register", "username", "bob", "password", password).is(201);
      stranger.post("/api/auth/login", "username", "alice", "password", "wrong-horse-9");
      Browser asAlice = stranger.withToken(alice.text("token"));
      String circle = asAlice.post("/api/circles", "name", "Family").is(201).text("id");
      String code = asAlice.post("/api/circles/" + circle + "/invites").is(201).text("code");
      stranger.withToken(bob.text("token")).post("/api/invites/" + code + "/accept").isOk();
      stranger.withToken(alice.text("token") + "x").get("/api/me").is(401);
      String credential = asAlice.get("/api/ice-servers").isOk().body();
      converse(server.port(), alice, bob);
      server.terminate();

      String log = Files.readString(data.resolve("logs/server.log"));
      assertTrue(log.contains("made an account"), log);
      holdsNot(log, password, "wrong-horse-9", code, "v=0", "192.0.2.77", "ice-pwd-secret");
      holdsNot(log, alice.text("token"), alice.text("refreshToken"), bob.text("token"));
      holdsNot(log, "eyJ", Files.readString(data.resolve("jwt-secret")).strip());
      holdsNot(
          log,
          Pattern.compile("\"credential\":\"([^\"]+)")
              .matcher(credential)
              .results()
              .map(match -> match.group(1))
              .toArray(String[]::new));
    }
  }

  /** Sends descriptions and candidates, good and bad. */
  private static void converse(int port, Reply alice, Reply bob) {
    try (RawClient a = RawClient.connect(port, alice.text("token"), "a1");
        RawClient b = RawClient.connect(port, bob.text("token"), "b1")) {
      String to = bob.text("user.id");
      var sdp = with("type", "offer", "sdp", "v=0\r\na=ice-pwd:ice-pwd-secret\r\n");
      a.shouts("call-offer", with("to", to, "offer", sdp));
      b.hears("call-offer");
      String candidate = "candidate:1 1 udp 1 192.0.2.77 5000 typ host";
      a.shouts(
          "ice-candidate",
          with("to", to, "candidate", with("candidate", candidate, "sdpMid", "0")));
      b.hears("ice-candidate");
      a.shouts("call-offer", with("to", 5, "offer", sdp));
      a.hears("error");
      a.shouts("end-call", with("to", to));
      b.hears("end-call");
    }
  }

  private static void holdsNot(String log, String... secrets) {
    for (String secret : secrets) {
      assertFalse(log.contains(secret), () -> "the log holds " + secret + "\n" + log);
    }
  }
}
