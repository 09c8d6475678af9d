package kith.socketio.vertx;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import kith.socketio.Limits;
import kith.socketio.SocketIoServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What no decent HTTP client would send, over a socket. */
class VertxGatewayTest {
  private static final int PATIENCE_SECONDS = 20;

  private final Vertx vertx = Vertx.vertx();
  private final SocketIoServer server =
      SocketIoServer.builder()
          .limits(Limits.defaults().change().bodyTimeout(Duration.ofMillis(200)).build())
          .build();
  private int port;

  @BeforeEach
  void listen() throws Exception {
    port =
        vertx
            .createHttpServer(VertxSocketIo.configure(new HttpServerOptions(), server.limits()))
            .requestHandler(VertxSocketIo.create(vertx, server))
            .listen(0, "127.0.0.1")
            .await(PATIENCE_SECONDS, TimeUnit.SECONDS)
            .actualPort();
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().await(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** All that the server answers until it closes the connection. */
  private String answerTo(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
      socket.setSoTimeout(PATIENCE_SECONDS * 1000);
      socket.getOutputStream().write(request.getBytes(US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), US_ASCII);
    }
  }

  private String answerToGet(String query) throws IOException {
    return answerTo(
        "GET /socket.io/?" + query + " HTTP/1.1\r\nHost: kith\r\nConnection: close\r\n\r\n");
  }

  @Test
  void aBodyThatDoesNotEndInTimeEndsItsConnectionAndSession() throws IOException {
    String polling = "EIO=4&transport=polling";
    String session = answerToGet(polling).replaceAll("(?s).*\"sid\":\"([^\"]*)\".*", "$1");
    String nothing =
        answerTo(
            "POST /socket.io/?%s&sid=%s HTTP/1.1\r\nHost: kith\r\nContent-Length: 1000\r\n\r\n4"
                .formatted(polling, session));
    assertEquals("", nothing);
    String gone = answerToGet(polling + "&sid=" + session);
    assertTrue(gone.contains("Session ID unknown"), gone);
  }

  @Test
  void aQueryThatCannotBeDecodedIsABadRequest() throws IOException {
    String answer = answerToGet("EIO=4&transport=polling&a=%zz");
    assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
    assertTrue(answer.contains("Bad request"), answer);
  }
}
