package kith.socketio.vertx;

import static kith.socketio.vertx.RawWebSocket.frame;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicInteger;
import kith.socketio.Limits;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A WebSocket as bytes on a connection. */
class VertxLinkTest {
  private ListeningServer kith;
  private RawWebSocket client;

  @BeforeEach
  void connect() throws Exception {
    kith = new ListeningServer(Limits.defaults().change().maxPayload(1_000).build());
    kith.server
        .of("/")
        .on("echo", event -> event.ack(event.arg(0)))
        .on(
            "flood",
            event -> {
              for (long i = 0; i < 500; i++) {
                event.socket().emit("n", i, "x".repeat(100));
              }
              event.ack();
            });
    client = RawWebSocket.connects(kith.port);
  }

  @AfterEach
  void close() throws Exception {
    client.close();
    kith.close();
  }

  @Test
  void aClientIsWelcomeOnlyWhenTheServersHandlersHaveSeenIt() throws Exception {
    AtomicInteger unread = new AtomicInteger(-1);
    RawWebSocket next = RawWebSocket.opens(kith.port);
    kith.server
        .of("/")
        .onConnect(
            socket -> {
              socket.emit("hello");
              unread.set(unread(next));
            });
    next.says("40");
    assertEquals("40{", next.hears().substring(0, 3));
    assertEquals(0, unread.get());
    assertEquals("42[\"hello\"]", next.hears());
    next.close();
  }

  private static int unread(RawWebSocket client) {
    try {
      return client.unread();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  @Test
  void aCloseIsAnsweredBeforeTheConnectionEnds() throws IOException {
    client.sends("88 82 00000000 03e8");
    assertEquals("88 03e8", client.hearsFrame());
    client.hearsTheEnd();
  }

  @Test
  void aPingIsAnsweredAndAPongIgnored() throws IOException {
    client.sends("8a 81 00000000 2a");
    client.sends("89 81 00000000 2a");
    assertEquals("8a 2a", client.hearsFrame());
  }

  @Test
  void aMessageMayComeInFragmentsWithAPingBetween() throws IOException {
    client.sends(
        frame(0x01, "421[\"ec") + "89 80 00000000" + frame(0x00, "ho\",") + frame(0x80, "7]"));
    assertEquals("8a ", client.hearsFrame());
    assertEquals("431[7]", client.hears());
  }

  @Test
  void aFrameMayComeByteForByte() throws IOException {
    String hex = frame(0x81, "421[\"echo\",7]").replace(" ", "");
    for (int i = 0; i < hex.length(); i += 2) {
      client.sends(hex.substring(i, i + 2));
    }
    assertEquals("431[7]", client.hears());
  }

  @Test
  void framesThatComeTogetherAreAnsweredInOrder() throws IOException {
    StringBuilder together = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      together.append(frame(0x81, "42" + i + "[\"echo\"," + i + "]"));
    }
    client.sends(together.toString());
    for (int i = 0; i < 100; i++) {
      assertEquals("43" + i + "[" + i + "]", client.hears());
    }
  }

  @Test
  void whatIsSentInOneTurnArrivesInOrder() throws IOException {
    client.says("421[\"flood\"]");
    String large = ",\"" + "x".repeat(100) + "\"]";
    for (int i = 0; i < 500; i++) {
      assertEquals("42[\"n\"," + i + large, client.hears());
    }
    assertEquals("431[]", client.hears());
  }

  @Test
  void aContinuationOfNothingIsRefused() throws IOException {
    client.sends(frame(0x80, "x"));
    assertEquals("88 03ea", client.hearsFrame());
  }

  @Test
  void aNewMessageWithinAnotherIsRefused() throws IOException {
    client.sends(frame(0x01, "x") + frame(0x81, "y"));
    assertEquals("88 03ea", client.hearsFrame());
  }

  @Test
  void fragmentsThatAddUpToTooMuchAreRefused() throws IOException {
    StringBuilder parts = new StringBuilder(frame(0x01, "4"));
    for (int i = 0; i < 10; i++) {
      parts.append(frame(0x00, "x".repeat(100)));
    }
    client.sends(parts.toString());
    assertEquals("88 03f1", client.hearsFrame());
  }

  @Test
  void whatComesAfterARefusalIsNotHeard() throws IOException {
    client.sends(frame(0x80, "x") + frame(0x81, "421[\"echo\",7]"));
    assertEquals("88 03ea", client.hearsFrame());
    client.sends("88 82 00000000 03ea");
    client.hearsTheEnd();
  }
}
