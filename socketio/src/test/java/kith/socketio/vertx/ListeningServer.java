package kith.socketio.vertx;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import kith.socketio.Limits;
import kith.socketio.SocketIoServer;

/** A server on a free port. */
final class ListeningServer implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 20;

  final Vertx vertx = Vertx.vertx();
  final SocketIoServer server;
  final int port;

  ListeningServer(Limits limits) throws Exception {
    server = SocketIoServer.builder().limits(limits).build();
    port =
        vertx
            .createHttpServer(VertxSocketIo.configure(new HttpServerOptions(), limits))
            .requestHandler(VertxSocketIo.create(vertx, server))
            .listen(0, "127.0.0.1")
            .await(PATIENCE_SECONDS, TimeUnit.SECONDS)
            .actualPort();
  }

  /** Waits until it is so; false when it is not in time. */
  static boolean eventually(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        return false;
      }
      Thread.onSpinWait();
    }
    return true;
  }

  @Override
  public void close() throws Exception {
    vertx.close().await(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }
}
