package kith.bench.signaling.server;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import kith.socketio.Event;
import kith.socketio.Limits;
import kith.socketio.Socket;
import kith.socketio.SocketIoServer;
import kith.socketio.vertx.VertxSocketIo;

/**
 * The relay on kith-socketio. Prints {@code listening PORT NAME} once it listens, and ends when its
 * standard input does.
 */
public final class KithRelay {
  private static final Map<String, Boolean> OK = Map.of("ok", true);

  /** Sockets that wait for the other one of their pair, by the pair's name. */
  private final Map<String, Socket> waiting = new ConcurrentHashMap<>();

  private KithRelay() {}

  public static void main(String[] args) throws IOException {
    KithRelay relay = new KithRelay();
    Limits limits = Limits.defaults();
    SocketIoServer server = SocketIoServer.builder().limits(limits).build();
    server.of("/").onConnect(relay::join).on("message", KithRelay::relay);
    Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    HttpServerOptions options = VertxSocketIo.configure(new HttpServerOptions(), limits);
    String port = System.getenv().getOrDefault("PORT", "0");
    vertx
        .createHttpServer(options)
        .requestHandler(VertxSocketIo.create(vertx, server))
        .listen(Integer.parseInt(port), "127.0.0.1")
        .onSuccess(http -> announce(http.actualPort(), vertx.isNativeTransportEnabled()))
        .onFailure(
            failure -> {
              System.err.println(failure);
              System.exit(1);
            });
    while (System.in.read() >= 0) {
      // Nothing is said on it; its end is the word to go.
    }
    System.exit(0);
  }

  private static void announce(int port, boolean epoll) {
    int java = Runtime.version().feature();
    System.out.println(
        "listening " + port + " kith-socketio, Java " + java + (epoll ? ", epoll" : ", NIO"));
  }

  private void join(Socket socket) {
    String pair = socket.handshake().query().getOrDefault("pair", "");
    waiting.merge(
        pair,
        socket,
        (first, second) -> {
          first.attach(second);
          second.attach(first);
          return null;
        });
    socket.onDisconnect(reason -> waiting.remove(pair, socket));
  }

  private static void relay(Event event) {
    event.socket().attachment(Socket.class).emit("message", event.arg(0));
    event.ack(OK);
  }
}
