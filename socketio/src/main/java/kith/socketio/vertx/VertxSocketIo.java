package kith.socketio.vertx;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import kith.socketio.Limits;
import kith.socketio.SocketIoServer;

/**
 * A request handler that serves a {@link SocketIoServer}: give it every request for which {@link
 * #serves} holds.
 */
public final class VertxSocketIo implements Handler<HttpServerRequest> {
  private final SocketIoServer server;
  private final VertxGateway gateway;

  private VertxSocketIo(Vertx vertx, SocketIoServer server) {
    this.server = server;
    this.gateway = new VertxGateway(vertx, server.gateway());
  }

  public static VertxSocketIo create(Vertx vertx, SocketIoServer server) {
    return new VertxSocketIo(vertx, server);
  }

  /**
   * Sets what an HTTP server must be told of the limits: the largest WebSocket frame, and no
   * WebSocket compression, which costs more memory for each client than small messages save.
   */
  public static HttpServerOptions configure(HttpServerOptions options, Limits limits) {
    return options
        .setMaxWebSocketFrameSize(limits.maxPayload())
        .setMaxWebSocketMessageSize(limits.maxPayload())
        .setPerMessageWebSocketCompressionSupported(false)
        .setPerFrameWebSocketCompressionSupported(false);
  }

  /** Whether a request is for this server, by its path. */
  public boolean serves(HttpServerRequest request) {
    String path = request.path();
    String mine = server.path();
    return path != null
        && (path.equals(mine) || path.length() + 1 == mine.length() && mine.startsWith(path));
  }

  @Override
  public void handle(HttpServerRequest request) {
    if (serves(request)) {
      gateway.handle(request);
    } else {
      request.response().setStatusCode(404).end();
    }
  }

  /**
   * Refuses new clients and closes all there are, which may then reconnect elsewhere; completes
   * when they are gone.
   */
  public Future<Void> close() {
    return Future.fromCompletionStage(server.close());
  }
}
