package kith.socketio.suite;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import kith.socketio.Event;
import kith.socketio.SocketIoServer;
import kith.socketio.engine.CloseReason;
import kith.socketio.engine.EngineListener;
import kith.socketio.engine.EngineOptions;
import kith.socketio.engine.Frame;
import kith.socketio.engine.OriginPolicy;
import kith.socketio.gateway.Connection;
import kith.socketio.gateway.EngineApplication;
import kith.socketio.gateway.Gateway;
import kith.socketio.vertx.VertxGateway;
import kith.socketio.vertx.VertxSocketIo;

/**
 * The servers that the official protocol test suites expect: an Engine.IO echo at {@code
 * /engine.io/} and a Socket.IO server at {@code /socket.io/}, both with a 300 ms ping interval and
 * a 200 ms ping timeout.
 *
 * <p>Argument: the port, 3000 when there is none.
 */
public final class SuiteServer {
  private static final Duration PING_INTERVAL = Duration.ofMillis(300);
  private static final Duration PING_TIMEOUT = Duration.ofMillis(200);

  private SuiteServer() {}

  public static void main(String[] args) {
    int port = args.length > 0 ? Integer.parseInt(args[0]) : 3000;
    Vertx vertx = Vertx.vertx();
    VertxSocketIo socketIo = VertxSocketIo.create(vertx, socketIoServer());
    VertxGateway engineIo = new VertxGateway(vertx, engineEcho());
    vertx
        .createHttpServer(new HttpServerOptions())
        .requestHandler(
            request -> {
              if (request.path().startsWith("/engine.io/")) {
                engineIo.handle(request);
              } else {
                socketIo.handle(request);
              }
            })
        .listen(port)
        .onComplete(
            listening -> System.out.println("listening on " + listening.actualPort()),
            failure -> {
              failure.printStackTrace();
              System.exit(1);
            });
  }

  private static SocketIoServer socketIoServer() {
    SocketIoServer server =
        SocketIoServer.builder()
            .pingInterval(PING_INTERVAL)
            .pingTimeout(PING_TIMEOUT)
            .connectTimeout(Duration.ofSeconds(1))
            .allowedOrigins("*")
            .build();
    server
        .of("/")
        .onConnect(socket -> socket.emit("auth", socket.handshake().auth()))
        .on("message", event -> event.socket().emit("message-back", values(event)))
        .on("message-with-ack", event -> event.ack(values(event)));
    server.of("/custom").onConnect(socket -> socket.emit("auth", socket.handshake().auth()));
    return server;
  }

  private static Object[] values(Event event) {
    return event.args().toArray();
  }

  private static Gateway engineEcho() {
    EngineOptions options =
        new EngineOptions(
            PING_INTERVAL.toMillis(),
            PING_TIMEOUT.toMillis(),
            10_000,
            10_000,
            15_000,
            1_000_000,
            1_000,
            1_000_000);
    return new Gateway(
        options,
        new OriginPolicy(Set.of("*")),
        1_000,
        new EngineApplication() {
          @Override
          public EngineListener open(Connection connection, long now) {
            return new Echo(connection);
          }
        },
        () -> UUID.randomUUID().toString(),
        () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()),
        Throwable::printStackTrace);
  }

  private record Echo(Connection connection) implements EngineListener {
    @Override
    public void onText(byte[] utf8, int from, int to, long now) {
      byte[] message = new byte[to - from + 1];
      message[0] = '4';
      System.arraycopy(utf8, from, message, 1, to - from);
      connection.send(List.of(Frame.text(message)));
    }

    @Override
    public void onBinary(byte[] data, long now) {
      connection.send(List.of(Frame.binary(data)));
    }

    @Override
    public void onClosed(CloseReason reason, long now) {}

    @Override
    public void onTick(long now) {}

    @Override
    public long nextDeadline() {
      return Long.MAX_VALUE;
    }
  }
}
