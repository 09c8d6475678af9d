package kith.socketio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import kith.socketio.engine.EngineRequest;
import kith.socketio.engine.Frame;
import kith.socketio.engine.Headers;
import kith.socketio.engine.Link;
import kith.socketio.gateway.Admission;
import kith.socketio.gateway.ManualLoop;

/**
 * A whole server in virtual time; its clients speak WebSocket, without one. Ids count up from id-1.
 */
final class TestServer {
  final ManualLoop loop = new ManualLoop();
  final List<Throwable> errors = new ArrayList<>();
  final SocketIoServer server;
  private final AtomicInteger ids = new AtomicInteger();

  TestServer() {
    this(UnaryOperator.identity());
  }

  TestServer(UnaryOperator<SocketIoServer.Builder> settings) {
    server =
        settings
            .apply(
                SocketIoServer.builder()
                    .pingInterval(Duration.ofSeconds(25))
                    .pingTimeout(Duration.ofSeconds(20))
                    .connectTimeout(Duration.ofSeconds(10))
                    .onError(errors::add)
                    .ids(() -> "id-" + ids.incrementAndGet())
                    .clock(loop::now))
            .build();
  }

  Namespace main() {
    return server.of("/");
  }

  void after(Duration time) {
    loop.pass(time.toMillis());
  }

  /** A client that has opened a WebSocket and not yet said anything. */
  TestClient opens() {
    Admission admission = server.gateway().admit(request());
    Admission.WebSocket webSocket = assertInstanceOf(Admission.WebSocket.class, admission);
    TestClient client = new TestClient();
    client.events = webSocket.opening().open(client, loop);
    loop.settle();
    client.received.clear();
    return client;
  }

  Admission asksToOpen() {
    return server.gateway().admit(request());
  }

  private static EngineRequest request() {
    return new EngineRequest(
        "GET",
        Map.of("EIO", "4", "transport", "websocket"),
        Headers.of(List.of("User-Agent", "test")),
        "192.0.2.1",
        true,
        true);
  }

  /** A client that is in the main namespace. */
  TestClient connects() {
    TestClient client = opens();
    client.sends("40");
    client.id = client.received.getFirst().replaceAll(".*\"sid\":\"([^\"]*)\".*", "$1");
    client.received.clear();
    return client;
  }

  final class TestClient implements Link {
    final List<String> received = new ArrayList<>();
    String id;
    boolean reads = true;
    private Admission.LinkEvents events;
    private Integer closed;

    TestClient sends(String... messages) {
      for (String message : messages) {
        byte[] utf8 = message.getBytes(StandardCharsets.UTF_8);
        events.text(utf8, 0, utf8.length);
        loop.settle();
      }
      return this;
    }

    TestClient sendsBinary(byte... data) {
      events.binary(data);
      loop.settle();
      return this;
    }

    void breaks() {
      events.closed();
      loop.settle();
    }

    /** What it received since it was last asked. */
    void hears(String... messages) {
      assertEquals(List.of(messages), received);
      received.clear();
    }

    void isClosed() {
      assertTrue(closed != null, "still open");
    }

    void isOpen() {
      assertNull(closed);
    }

    Socket socket() {
      return server.of("/").socket(id);
    }

    @Override
    public void write(Frame frame) {
      assertFalse(closed != null && frame.isBinary());
      if (!frame.toString().equals("2")) {
        received.add(frame.toString());
      }
    }

    @Override
    public void separate() {}

    @Override
    public boolean writable() {
      return reads;
    }

    @Override
    public void close(int statusCode) {
      closed = statusCode;
      events.closed();
    }

    @Override
    public void abort() {
      close(1006);
    }
  }
}
