package kith.socketio.bench;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import java.util.Map;
import kith.socketio.Event;
import kith.socketio.Limits;
import kith.socketio.Namespace;
import kith.socketio.SocketIoServer;
import kith.socketio.vertx.VertxSocketIo;

/**
 * Relays {@code ["relay", {to, data}]} to the socket {@code to} as {@code ["relayed", data]}, and
 * acknowledges. Prints its port.
 */
public final class RelayServer {
  private RelayServer() {}

  public static void main(String[] args) {
    SocketIoServer server =
        SocketIoServer.builder()
            .limits(Limits.defaults().withMaxConnections(20_000, 20_000))
            .build();
    Namespace main = server.of("/");
    main.on("relay", event -> relay(main, event));
    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    vertx
        .createHttpServer(
            VertxSocketIo.configure(new HttpServerOptions(), server.limits())
                .setAcceptBacklog(4_096))
        .requestHandler(VertxSocketIo.create(vertx, server))
        .listen(0, "127.0.0.1")
        .onSuccess(listening -> System.out.println("port " + listening.actualPort()))
        .onFailure(Throwable::printStackTrace);
  }

  private static void relay(Namespace main, Event event) {
    if (event.arg(0) instanceof Map<?, ?> message) {
      main.to((String) message.get("to")).emit("relayed", message.get("data"));
      event.ack();
    }
  }
}
