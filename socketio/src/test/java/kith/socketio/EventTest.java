package kith.socketio;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import kith.socketio.TestServer.TestClient;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** https://github.com/socketio/socket.io-protocol#sending-and-receiving-data */
class EventTest {
  final TestServer server = new TestServer();
  final List<String> log = new ArrayList<>();

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
}
