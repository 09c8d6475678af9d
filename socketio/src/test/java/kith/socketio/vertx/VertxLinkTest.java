package kith.socketio.vertx;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import kith.socketio.Limits;
import kith.socketio.SocketIoServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A WebSocket as bytes on a connection. Clients' masks are zero here: what they send can be read.
 */
class VertxLinkTest {
  private static final int PATIENCE_SECONDS = 20;

  private final Vertx vertx = Vertx.vertx();
  private final SocketIoServer server =
      SocketIoServer.builder().limits(Limits.defaults().withMaxPayload(1_000)).build();
  private Socket socket;
  private DataInputStream in;

  @BeforeEach
  void connect() throws Exception {
    server
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
    int port =
        vertx
            .createHttpServer(VertxSocketIo.configure(new HttpServerOptions(), server.limits()))
            .requestHandler(VertxSocketIo.create(vertx, server))
            .listen(0, "127.0.0.1")
            .await(PATIENCE_SECONDS, TimeUnit.SECONDS)
            .actualPort();
    socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port);
    socket.setSoTimeout(PATIENCE_SECONDS * 1000);
    in = new DataInputStream(socket.getInputStream());
    socket
        .getOutputStream()
        .write(
            ("GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: kith\r\nConnection: Upgrade\r\n"
                    + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                .getBytes(US_ASCII));
    StringBuilder response = new StringBuilder();
    while (response.indexOf("\r\n\r\n") < 0) {
      response.append((char) in.readByte());
    }
    assertTrue(response.toString().startsWith("HTTP/1.1 101 "), response.toString());
    assertTrue(hears().startsWith("0{"));
    says("40");
    assertTrue(hears().startsWith("40{"));
  }

  @AfterEach
  void close() throws Exception {
    socket.close();
    vertx.close().await(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private void sends(String hex) throws IOException {
    socket.getOutputStream().write(HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  private void says(String text) throws IOException {
    sends(frame(0x81, text));
  }

  /** In hex, with a mask of zero; of at most 125 bytes. */
  private static String frame(int first, String text) {
    return "%02x%02x00000000".formatted(first, 0x80 | text.length())
        + HexFormat.of().formatHex(text.getBytes(US_ASCII));
  }

  /** The next frame's first byte in hex, and its payload, in hex for a control frame. */
  private String hearsFrame() throws IOException {
    int first = in.readUnsignedByte();
    int length = in.readUnsignedByte();
    byte[] payload = new byte[length == 126 ? in.readUnsignedShort() : length];
    in.readFully(payload);
    String content =
        (first & 0x8) == 0 ? new String(payload, US_ASCII) : HexFormat.of().formatHex(payload);
    return "%02x ".formatted(first) + content;
  }

  private String hears() throws IOException {
    String frame = hearsFrame();
    assertTrue(frame.startsWith("81 "), frame);
    return frame.substring(3);
  }

  private void hearsTheEnd() throws IOException {
    assertEquals(-1, in.read());
  }

  @Test
  void aCloseIsAnsweredBeforeTheConnectionEnds() throws IOException {
    sends("88 82 00000000 03e8");
    assertEquals("88 03e8", hearsFrame());
    hearsTheEnd();
  }

  @Test
  void aPingIsAnsweredAndAPongIgnored() throws IOException {
    sends("8a 81 00000000 2a");
    sends("89 81 00000000 2a");
    assertEquals("8a 2a", hearsFrame());
  }

  @Test
  void aMessageMayComeInFragmentsWithAPingBetween() throws IOException {
    sends(frame(0x01, "421[\"ec") + "89 80 00000000" + frame(0x00, "ho\",") + frame(0x80, "7]"));
    assertEquals("8a ", hearsFrame());
    assertEquals("431[7]", hears());
  }

  @Test
  void aFrameMayComeByteForByte() throws IOException {
    String hex = frame(0x81, "421[\"echo\",7]").replace(" ", "");
    for (int i = 0; i < hex.length(); i += 2) {
      sends(hex.substring(i, i + 2));
      socket.getOutputStream().flush();
    }
    assertEquals("431[7]", hears());
  }

  @Test
  void framesThatComeTogetherAreAnsweredInOrder() throws IOException {
    StringBuilder together = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      together.append(frame(0x81, "42" + i + "[\"echo\"," + i + "]"));
    }
    sends(together.toString());
    for (int i = 0; i < 100; i++) {
      assertEquals("43" + i + "[" + i + "]", hears());
    }
  }

  @Test
  void whatIsSentInOneTurnArrivesInOrder() throws IOException {
    says("421[\"flood\"]");
    String large = ",\"" + "x".repeat(100) + "\"]";
    for (int i = 0; i < 500; i++) {
      assertEquals("42[\"n\"," + i + large, hears());
    }
    assertEquals("431[]", hears());
  }

  @Test
  void aContinuationOfNothingIsRefused() throws IOException {
    sends(frame(0x80, "x"));
    assertEquals("88 03ea", hearsFrame());
  }

  @Test
  void aNewMessageWithinAnotherIsRefused() throws IOException {
    sends(frame(0x01, "x") + frame(0x81, "y"));
    assertEquals("88 03ea", hearsFrame());
  }

  @Test
  void fragmentsThatAddUpToTooMuchAreRefused() throws IOException {
    StringBuilder parts = new StringBuilder(frame(0x01, "4"));
    for (int i = 0; i < 10; i++) {
      parts.append(frame(0x00, "x".repeat(100)));
    }
    sends(parts.toString());
    assertEquals("88 03f1", hearsFrame());
  }

  @Test
  void whatComesAfterARefusalIsNotHeard() throws IOException {
    sends(frame(0x80, "x") + frame(0x81, "421[\"echo\",7]"));
    assertEquals("88 03ea", hearsFrame());
    sends("88 82 00000000 03ea");
    hearsTheEnd();
  }
}
