package kith.socketio.jdk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.socket.client.IO;
import io.socket.client.Socket;
import io.socket.engineio.client.transports.Polling;
import io.socket.engineio.client.transports.WebSocket;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import kith.socketio.ConnectRefused;
import kith.socketio.Event;
import kith.socketio.SocketIoServer;
import kith.socketio.vertx.VertxSocketIo;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The Java client of Socket.IO against the server, on Vert.x and on the HTTP server of the JDK. */
class JavaClientTest {
  private static final int PATIENCE_SECONDS = 20;

  private final List<AutoCloseable> opened = new ArrayList<>();
  private final SocketIoServer server = SocketIoServer.builder().build();

  JavaClientTest() {
    server
        .of("/")
        .on("echo", JavaClientTest::echo)
        .on("back", event -> event.socket().emit("back", event.args().toArray()));
    server
        .of("/members")
        .use(
            handshake ->
                "secret".equals(handshake.auth().get("token"))
                    ? CompletableFuture.completedFuture(null)
                    : CompletableFuture.failedFuture(
                        new ConnectRefused("not a member", Map.of("code", "token_invalid"))));
  }

  private static void echo(Event event) {
    event.ack(event.args().toArray());
  }

  private int onVertx() throws Exception {
    Vertx vertx = Vertx.vertx();
    opened.add(() -> vertx.close().await(PATIENCE_SECONDS, TimeUnit.SECONDS));
    VertxSocketIo socketIo = VertxSocketIo.create(vertx, server);
    return vertx
        .createHttpServer(VertxSocketIo.configure(new HttpServerOptions(), server.limits()))
        .requestHandler(socketIo)
        .listen(0, "127.0.0.1")
        .await(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .actualPort();
  }

  private int onJdk() throws Exception {
    JdkSocketIo jdk = new JdkSocketIo(server);
    opened.add(jdk);
    return jdk.port();
  }

  private Socket client(int port, String namespace, IO.Options options) {
    options.forceNew = true;
    options.reconnection = false;
    Socket socket = IO.socket(URI.create("http://127.0.0.1:" + port + namespace), options);
    opened.addFirst(socket::disconnect);
    return socket;
  }

  private static IO.Options only(String transport) {
    IO.Options options = new IO.Options();
    options.transports = new String[] {transport};
    return options;
  }

  private static BlockingQueue<Object[]> heard(Socket socket, String event) {
    BlockingQueue<Object[]> queue = new LinkedBlockingQueue<>();
    socket.on(event, queue::add);
    return queue;
  }

  private static Object[] next(BlockingQueue<Object[]> queue) throws InterruptedException {
    Object[] args = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (args == null) {
      throw new AssertionError("nothing heard");
    }
    return args;
  }

  private void talks(Socket alice) throws Exception {
    BlockingQueue<Object[]> connected = heard(alice, Socket.EVENT_CONNECT);
    BlockingQueue<Object[]> back = heard(alice, "back");
    BlockingQueue<Object[]> acks = new LinkedBlockingQueue<>();
    alice.connect();
    next(connected);
    alice.emit("echo", new Object[] {"hello", 1}, acks::add);
    assertArrayEquals(new Object[] {"hello", 1}, next(acks));
    alice.emit("back", new JSONObject(Map.of("nested", List.of(1, "ü"))));
    assertEquals("{\"nested\":[1,\"ü\"]}", next(back)[0].toString());
    alice.emit("back", (Object) new byte[] {1, 2, 3});
    assertArrayEquals(new byte[] {1, 2, 3}, (byte[]) next(back)[0]);
    for (int i = 0; i < 100; i++) {
      alice.emit("back", i);
    }
    for (int i = 0; i < 100; i++) {
      assertEquals(i, next(back)[0]);
    }
  }

  @AfterEach
  void end() throws Exception {
    for (AutoCloseable resource : opened) {
      resource.close();
    }
  }

  @Test
  void talksOverWebSocket() throws Exception {
    talks(client(onVertx(), "/", only(WebSocket.NAME)));
  }

  @Test
  void talksOverPolling() throws Exception {
    talks(client(onVertx(), "/", only(Polling.NAME)));
  }

  @Test
  void talksWhileItUpgrades() throws Exception {
    talks(client(onVertx(), "/", new IO.Options()));
  }

  @Test
  void talksToTheJdksHttpServer() throws Exception {
    talks(client(onJdk(), "/", only(Polling.NAME)));
  }

  @Test
  void isRefusedWithData() throws Exception {
    IO.Options options = new IO.Options();
    options.auth = Map.of("token", "guess");
    Socket mallory = client(onVertx(), "/members", options);
    BlockingQueue<Object[]> refused = heard(mallory, Socket.EVENT_CONNECT_ERROR);
    mallory.connect();
    JSONObject error = (JSONObject) next(refused)[0];
    assertEquals("not a member", error.getString("message"));
    assertEquals("token_invalid", error.getJSONObject("data").getString("code"));
  }

  @Test
  void isAcceptedWithAuth() throws Exception {
    IO.Options options = new IO.Options();
    options.auth = Map.of("token", "secret");
    Socket alice = client(onJdk(), "/members", options);
    BlockingQueue<Object[]> connected = heard(alice, Socket.EVENT_CONNECT);
    alice.connect();
    next(connected);
  }
}
