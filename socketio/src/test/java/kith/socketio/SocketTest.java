package kith.socketio;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import kith.socketio.TestServer.TestClient;
import kith.socketio.gateway.Admission;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** https://github.com/socketio/socket.io-protocol */
class SocketTest {
  final TestServer server = new TestServer();
  final List<String> log = new ArrayList<>();

  private void logDisconnects() {
    server.main().onConnect(s -> s.onDisconnect(why -> log.add(why.wireName())));
  }

  @Nested
  class Connecting {
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
  }

  @Nested
  class Rules {
    @Test
    void anEventBeforeConnectEndsTheClientUnheard() {
      server.main().on("e", e -> log.add("heard"));
      TestClient mallory = server.opens();
      mallory.sends("42[\"e\"]");
      mallory.isClosed();
      assertEquals(List.of(), log);
    }

    @Test
    void anEventAfterARefusalEndsTheClientUnheard() {
      server
          .main()
          .use(h -> CompletableFuture.failedFuture(new ConnectRefused("no")))
          .on("e", e -> log.add("heard"));
      TestClient mallory = server.opens();
      mallory.sends("40", "42[\"e\"]");
      mallory.isClosed();
      assertEquals(List.of(), log);
    }

    @Test
    void anEventForAnotherNamespaceEndsTheClient() {
      server.server.of("/other").on("e", e -> log.add("heard"));
      server.main();
      TestClient mallory = server.connects();
      mallory.sends("42/other,[\"e\"]");
      mallory.isClosed();
      assertEquals(List.of(), log);
    }

    @Test
    void anEventThatCrossesAServerDisconnectIsIgnored() {
      server.main().on("e", e -> log.add("heard"));
      server.server.of("/other");
      TestClient alice = server.connects().sends("40/other");
      alice.socket().disconnect(false);
      alice.sends("42[\"e\"]");
      alice.isOpen();
      assertEquals(List.of(), log);
    }

    @Test
    void aStrayDisconnectEndsTheClient() {
      TestClient mallory = server.opens();
      mallory.sends("41");
      mallory.isClosed();
    }

    @Test
    void attachmentsThatDoNotComeEndTheClient() {
      server.main();
      logDisconnects();
      TestClient mallory = server.connects();
      mallory.sends("451-[\"e\",{\"_placeholder\":true,\"num\":0}]");
      server.after(ofSeconds(24));
      mallory.sends("3"); // answers the ping
      server.after(ofSeconds(7));
      mallory.isClosed();
      assertEquals(List.of("parse error"), log);
    }
  }

  @Nested
  class Events {
    @Test
    void reachTheirHandlerAndAreAcknowledged() {
      server.main().on("add", e -> e.ack((Long) e.arg(0) + (Long) e.arg(1)));
      TestClient alice = server.connects();
      alice.sends("427[\"add\",1,2]");
      alice.hears("437[3]");
    }

    @Test
    void preferTheSocketsOwnHandlerAndFallBackToAny() {
      server
          .main()
          .on("a", e -> log.add("namespace a"))
          .on("b", e -> log.add("namespace b"))
          .onConnect(
              s -> {
                s.on("a", e -> log.add("own a"));
                s.onAny(e -> log.add("any " + e.name()));
              });
      server.connects().sends("42[\"a\"]", "42[\"b\"]", "42[\"c\"]");
      assertEquals(List.of("own a", "namespace b", "any c"), log);
    }

    @Test
    void thatNobodyHandlesAreIgnored() {
      server.main();
      TestClient alice = server.connects();
      alice.sends("421[\"nothing\"]");
      alice.hears();
      alice.isOpen();
    }

    @Test
    void whoseHandlerFailsHurtNobody() {
      server
          .main()
          .on(
              "e",
              e -> {
                throw new IllegalStateException("oops");
              })
          .on("f", e -> e.ack());
      TestClient alice = server.connects();
      alice.sends("42[\"e\"]", "421[\"f\"]");
      alice.hears("431[]");
      assertEquals("oops", server.errors.getFirst().getMessage());
    }

    @Test
    void areAcknowledgedOnce() {
      server
          .main()
          .on(
              "e",
              e -> {
                assertThrows(IllegalArgumentException.class, () -> e.ack(new Object()));
                e.ack("once");
                assertThrows(IllegalStateException.class, () -> e.ack("twice"));
              });
      TestClient alice = server.connects();
      alice.sends("421[\"e\"]");
      alice.hears("431[\"once\"]");
      assertEquals(List.of(), server.errors);
    }

    @Test
    void thatWantNoAcknowledgementGetNone() {
      server
          .main()
          .on(
              "e",
              e -> {
                assertFalse(e.wantsAck());
                e.ack("nobody asked");
              });
      TestClient alice = server.connects();
      alice.sends("42[\"e\"]");
      alice.hears();
    }

    @Test
    void carryBinaryBothWays() {
      server
          .main()
          .on(
              "e",
              e -> {
                assertArrayEquals(new byte[] {1, 2}, (byte[]) e.arg(0));
                e.ack(e.arg(0));
              });
      TestClient alice = server.connects();
      alice.sends("451-1[\"e\",{\"_placeholder\":true,\"num\":0}]");
      alice.sendsBinary((byte) 1, (byte) 2);
      alice.hears("461-1[{\"_placeholder\":true,\"num\":0}]", "binary[2]");
    }
  }

  @Nested
  class Asking {
    @Test
    void isAnswered() {
      server.main();
      TestClient alice = server.connects();
      var answer = alice.socket().emitWithAck(ofSeconds(5), "q", "x").toCompletableFuture();
      alice.hears("420[\"q\",\"x\"]");
      alice.sends("430[\"a\",1]");
      assertEquals(List.of("a", 1L), answer.join());
    }

    @Test
    void givesUpInTime() {
      server.main();
      TestClient alice = server.connects();
      var answer = alice.socket().emitWithAck(ofMillis(500), "q").toCompletableFuture();
      server.after(ofMillis(400));
      assertFalse(answer.isDone());
      server.after(ofMillis(300));
      assertEquals(AckFailed.Cause.TIMEOUT, failure(answer));
      alice.sends("430[]");
      alice.isOpen();
    }

    @Test
    void failsWhenTheSocketEnds() {
      server.main();
      TestClient alice = server.connects();
      Socket socket = alice.socket();
      var before = socket.emitWithAck(ofSeconds(5), "q").toCompletableFuture();
      alice.breaks();
      assertEquals(AckFailed.Cause.DISCONNECTED, failure(before));
      assertEquals(
          AckFailed.Cause.DISCONNECTED,
          failure(socket.emitWithAck(ofSeconds(5), "q").toCompletableFuture()));
    }

    @Test
    void tooMuchFails() {
      server.main();
      TestClient alice = server.connects();
      for (int i = 0; i < 1_000; i++) {
        assertFalse(alice.socket().emitWithAck(ofSeconds(5), "q").toCompletableFuture().isDone());
      }
      assertEquals(
          AckFailed.Cause.TOO_MANY,
          failure(alice.socket().emitWithAck(ofSeconds(5), "q").toCompletableFuture()));
    }

    private static AckFailed.Cause failure(CompletableFuture<?> answer) {
      Throwable thrown = assertThrows(CompletionException.class, answer::join).getCause();
      return assertInstanceOf(AckFailed.class, thrown).why();
    }
  }

  @Nested
  class InRooms {
    TestClient alice;
    TestClient bob;
    TestClient carol;

    InRooms() {
      server.main();
      alice = server.connects();
      bob = server.connects();
      carol = server.connects();
    }

    @Test
    void aMessageReachesEachMemberOnce() {
      alice.socket().join("a", "b");
      bob.socket().join("b");
      server.main().to("a", "b").emit("m");
      alice.hears("42[\"m\"]");
      bob.hears("42[\"m\"]");
      carol.hears();
    }

    @Test
    void someCanBeLeftOut() {
      alice.socket().join("a", "muted");
      bob.socket().join("a");
      server.main().to("a").except("muted").emit("m");
      alice.hears();
      bob.hears("42[\"m\"]");
      server.main().except("a").emit("n");
      carol.hears("42[\"n\"]");
      bob.hears();
    }

    @Test
    void theSenderCanBeLeftOut() {
      alice.socket().join("a");
      bob.socket().join("a");
      alice.socket().to("a").emit("m");
      alice.hears();
      bob.hears("42[\"m\"]");
      alice.socket().broadcast().emit("n");
      alice.hears();
      carol.hears("42[\"n\"]");
    }

    @Test
    void anIdIsARoom() {
      server.main().to(bob.id).emit("m");
      bob.hears("42[\"m\"]");
      alice.hears();
    }

    @Test
    void aMemberCanLeave() {
      alice.socket().join("a");
      alice.socket().leave("a");
      server.main().to("a").emit("m");
      alice.hears();
      assertEquals(Set.of(), alice.socket().rooms());
    }

    @Test
    void nothingStaysOfASocketThatEnded() {
      Socket socket = alice.socket();
      socket.join("a");
      alice.breaks();
      socket.join("b");
      socket.emit("m");
      assertEquals(0, server.main().rooms().count());
      assertEquals(2, server.main().sockets().size());
      assertNull(server.main().socket(alice.id));
    }

    @Test
    void thereAreOnlySoMany() {
      for (int i = 0; i < 256; i++) {
        alice.socket().join("r" + i);
      }
      assertThrows(IllegalStateException.class, () -> alice.socket().join("one more"));
    }
  }

  @Nested
  class Ending {
    @Test
    void byTheClientLeavesItsConnectionForAWhile() {
      logDisconnects();
      TestClient alice = server.connects();
      alice.sends("41");
      assertEquals(List.of("client namespace disconnect"), log);
      alice.isOpen();
      server.after(ofSeconds(11));
      alice.isClosed();
    }

    @Test
    void byTheServerTellsTheClient() {
      logDisconnects();
      TestClient alice = server.connects();
      alice.socket().disconnect(false);
      alice.hears("41");
      assertEquals(List.of("server namespace disconnect"), log);
      alice.isOpen();
      alice.sends("40");
      assertEquals(1, server.main().sockets().size());
    }

    @Test
    void byTheServerCanCloseTheConnection() {
      logDisconnects();
      server.server.of("/other").onConnect(s -> s.onDisconnect(why -> log.add("other")));
      TestClient alice = server.connects().sends("40/other");
      alice.received.clear();
      alice.socket().disconnect(true);
      alice.hears("41", "41/other,");
      alice.isClosed();
      assertEquals(List.of("server namespace disconnect", "other"), log);
    }

    @Test
    void ofTheConnectionEndsItsSockets() {
      logDisconnects();
      server.connects().breaks();
      assertEquals(List.of("transport close"), log);
    }

    @Test
    void ofTheServerEndsAll() {
      logDisconnects();
      TestClient alice = server.connects();
      TestClient bob = server.opens();
      CompletableFuture<Void> gone = server.server.close().toCompletableFuture();
      server.loop.settle();
      alice.isClosed();
      bob.isClosed();
      assertEquals(List.of("server shutting down"), log);
      assertTrue(gone.isDone());
      assertInstanceOf(Admission.Answer.class, server.asksToOpen());
    }

    @Test
    void isToldToAHandlerThatComesLate() {
      server.main();
      TestClient alice = server.connects();
      Socket socket = alice.socket();
      alice.breaks();
      socket.onDisconnect(why -> log.add(why.wireName()));
      assertEquals(List.of("transport close"), log);
    }

    @Test
    void ofASlowReaderCostsABoundedAmount() {
      logDisconnects();
      TestClient alice = server.connects();
      TestClient bob = server.connects();
      alice.reads = false;
      String large = "x".repeat(100_000);
      for (int i = 0; i < 30; i++) {
        server.main().emit("m", large);
      }
      server.loop.settle();
      alice.isClosed();
      bob.isOpen();
      assertEquals(30, bob.received.size());
      assertEquals(List.of("slow reader"), log);
    }
  }

  @Test
  void clientsWithoutANamespaceAreLimited() {
    TestServer small = new TestServer(b -> b.limits(Limits.defaults().withMaxConnections(3, 2)));
    small.main();
    TestClient first = small.opens();
    small.opens();
    assertInstanceOf(Admission.Answer.class, small.asksToOpen());
    first.sends("40");
    small.opens();
    assertInstanceOf(Admission.Answer.class, small.asksToOpen());
  }

  @Test
  void aThousandClientsLeaveNothingBehind() {
    server.main().onConnect(s -> s.join("all", s.id()));
    List<TestClient> clients = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      clients.add(server.connects());
    }
    clients.forEach(TestClient::breaks);
    assertEquals(0, server.server.clients());
    assertEquals(0, server.main().rooms().count());
    server.after(ofSeconds(120));
    assertEquals(0, server.loop.timers());
  }

  @Test
  void anAttachmentIsKept() {
    server.main();
    Socket socket = server.connects().socket();
    assertThrows(IllegalStateException.class, () -> socket.attachment(String.class));
    socket.attach("alice");
    assertEquals("alice", socket.attachment(String.class));
  }
}
