package kith.socketio;

import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import kith.socketio.TestServer.TestClient;
import kith.socketio.gateway.Admission;
import org.junit.jupiter.api.Test;

/** https://github.com/socketio/socket.io-protocol#connection-to-a-namespace */
class ConnectTest {
  final TestServer server = new TestServer();
  final List<String> log = new ArrayList<>();

  @Test
  void tellsTheClientItsPublicId() {
    server.main();
    TestClient alice = server.opens();
    alice.sends("40");
    alice.hears("40{\"sid\":\"id-2\"}"); // id-1 is the secret
  }

  @Test
  void givesTheHandshakeToHandlers() {
    server
        .main()
        .onConnect(
            s -> {
              assertEquals(Map.of("token", "t"), s.handshake().auth());
              assertEquals("websocket", s.handshake().query().get("transport"));
              assertEquals("test", s.handshake().header("user-agent"));
              assertEquals("192.0.2.1", s.handshake().remoteAddress());
              assertTrue(s.handshake().secure());
              log.add("checked");
            });
    server.opens().sends("40{\"token\":\"t\"}");
    assertEquals(List.of("checked"), log);
  }

  @Test
  void toAnUnknownNamespaceIsRefused() {
    TestClient alice = server.opens();
    alice.sends("40/nowhere,");
    alice.hears("44/nowhere,{\"message\":\"Invalid namespace\"}");
  }

  @Test
  void waitsForTheCheck() {
    CompletableFuture<Void> check = new CompletableFuture<>();
    server.main().use(handshake -> check).onConnect(s -> log.add("in"));
    TestClient alice = server.opens();
    alice.sends("40");
    alice.hears();
    check.complete(null);
    alice.hears("40{\"sid\":\"id-2\"}");
    assertEquals(List.of("in"), log);
  }

  @Test
  void isRefusedWithMessageAndData() {
    server
        .main()
        .use(
            handshake ->
                CompletableFuture.failedFuture(new ConnectRefused("no", Map.of("code", "bad"))))
        .onConnect(s -> log.add("in"));
    TestClient mallory = server.opens();
    mallory.sends("40");
    mallory.hears("44{\"message\":\"no\",\"data\":{\"code\":\"bad\"}}");
    assertEquals(List.of(), log);
    assertEquals(0, server.main().sockets().size());
  }

  @Test
  void runsChecksInOrderUntilOneRefuses() {
    server
        .main()
        .use(h -> passed("first"))
        .use(
            h -> {
              throw new ConnectRefused("second");
            })
        .use(h -> passed("third"));
    TestClient mallory = server.opens();
    mallory.sends("40");
    mallory.hears("44{\"message\":\"second\"}");
    assertEquals(List.of("first"), log);
  }

  private CompletableFuture<Void> passed(String what) {
    log.add(what);
    return CompletableFuture.completedFuture(null);
  }

  @Test
  void hidesWhatWentWrongInACheck() {
    server.main().use(h -> CompletableFuture.failedFuture(new RuntimeException("password=1")));
    TestClient alice = server.opens();
    alice.sends("40");
    alice.hears("44{\"message\":\"Internal server error\"}");
    assertEquals("password=1", server.errors.getFirst().getMessage());
  }

  @Test
  void thatTakesTooLongEndsTheClient() {
    server.main().use(h -> new CompletableFuture<>());
    TestClient alice = server.opens();
    alice.sends("40");
    server.after(ofSeconds(11));
    alice.isClosed();
  }

  @Test
  void thatIsDecidedAfterTheClientWithdrewChangesNothing() {
    List<CompletableFuture<Void>> checks = new ArrayList<>();
    server
        .main()
        .use(
            h -> {
              CompletableFuture<Void> check = new CompletableFuture<>();
              checks.add(check);
              return check;
            });
    TestClient mallory = server.opens();
    mallory.sends("40{\"token\":\"good\"}", "41", "40{\"token\":\"bad\"}");
    checks.get(0).complete(null);
    mallory.hears();
    checks.get(1).completeExceptionally(new ConnectRefused("bad"));
    mallory.hears("44{\"message\":\"bad\"}");
  }

  @Test
  void thatIsDecidedAfterTheClientIsGoneChangesNothing() {
    CompletableFuture<Void> check = new CompletableFuture<>();
    server.main().use(h -> check).onConnect(s -> log.add("in"));
    server.opens().sends("40").breaks();
    check.complete(null);
    server.loop.settle();
    assertEquals(List.of(), log);
  }

  @Test
  void twiceMakesOneSocket() {
    server.main().onConnect(s -> log.add("in"));
    server.opens().sends("40", "40");
    assertEquals(List.of("in"), log);
  }

  @Test
  void neverEndsTheClient() {
    TestClient idle = server.opens();
    server.after(ofSeconds(9));
    idle.isOpen();
    server.after(ofSeconds(2));
    idle.isClosed();
    assertEquals(0, server.server.clients());
  }

  @Test
  void refusedAgainAndAgainEndsTheClient() {
    TestClient mallory = server.opens();
    for (int i = 0; i < 17; i++) {
      mallory.isOpen();
      mallory.sends("40/guess");
    }
    mallory.isClosed();
  }

  @Test
  void toTooManyNamespacesEndsTheClient() {
    TestClient mallory = server.opens();
    for (int i = 0; i < 16; i++) {
      server.server.of("/n" + i);
      mallory.sends("40/n" + i);
    }
    mallory.isOpen();
    mallory.sends("40/n16");
    mallory.isClosed();
  }

  @Test
  void clientsWithoutANamespaceAreLimited() {
    TestServer small =
        new TestServer(
            b -> b.limits(Limits.defaults().change().maxConnections(3).maxUnconnected(2).build()));
    small.main();
    TestClient first = small.opens();
    small.opens();
    assertInstanceOf(Admission.Answer.class, small.asksToOpen());
    first.sends("40");
    small.opens();
    assertInstanceOf(Admission.Answer.class, small.asksToOpen());
  }
}
