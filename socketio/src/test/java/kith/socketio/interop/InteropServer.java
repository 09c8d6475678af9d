package kith.socketio.interop;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import kith.socketio.ConnectRefused;
import kith.socketio.Event;
import kith.socketio.Limits;
import kith.socketio.Namespace;
import kith.socketio.RecoveryOptions;
import kith.socketio.Socket;
import kith.socketio.SocketIoServer;
import kith.socketio.vertx.VertxSocketIo;

/**
 * What foreign clients are tried against. It keeps a log of what reached its handlers, served at
 * {@code /log}; prints its port.
 *
 * <p>Arguments: a folder whose files are served at {@code /files/}, for browsers; {@code recovery}
 * for connection-state recovery.
 */
public final class InteropServer {
  private static final int CHUNK_OF_MESSAGES = 10;

  private final ConcurrentLinkedQueue<String> log = new ConcurrentLinkedQueue<>();
  private final Vertx vertx = Vertx.vertx();
  private final SocketIoServer server;
  private final VertxSocketIo socketIo;
  private final Path files;

  private InteropServer(Path files, boolean recovery) {
    this.files = files;
    SocketIoServer.Builder settings =
        SocketIoServer.builder()
            .pingInterval(Duration.ofSeconds(1))
            .pingTimeout(Duration.ofSeconds(10))
            .connectTimeout(Duration.ofSeconds(5))
            .limits(Limits.defaults());
    if (recovery) {
      settings.recovery(RecoveryOptions.defaults());
    }
    server = settings.build();
    socketIo = VertxSocketIo.create(vertx, server);
    set(server.of("/"));
    set(server.of("/other"));
    Namespace members = server.of("/members");
    members.use(
        handshake ->
            CompletableFuture.runAsync(
                () -> check(handshake.auth()),
                CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS)));
    set(members);
  }

  private static void check(Map<String, Object> auth) {
    if (!"secret".equals(auth.get("token"))) {
      throw new ConnectRefused("not a member", Map.of("code", "token_invalid", "retry", false));
    }
  }

  private void set(Namespace namespace) {
    namespace
        .onConnect(this::connected)
        .on("echo", event -> event.ack(event.args().toArray()))
        .on("back", event -> event.socket().emit("back", event.args().toArray()))
        .on("count", event -> count(event.socket(), (Long) event.arg(0)))
        .on("stream", event -> stream(event.socket(), 0, (Long) event.arg(0)))
        .on("leave", event -> event.socket().disconnect(Boolean.TRUE.equals(event.arg(0))))
        .on("ask", this::ask)
        .on("shut down", event -> server.close())
        .on("join", event -> join(event))
        .on("tell", event -> namespace.to((String) event.arg(0)).emit("told", event.arg(1)))
        .on(
            "tell others",
            event ->
                namespace
                    .to((String) event.arg(0))
                    .except(event.socket().id())
                    .emit("told", event.arg(1)));
  }

  private static void join(Event event) {
    event.socket().join((String) event.arg(0));
    event.ack();
  }

  private void connected(Socket socket) {
    String name = String.valueOf(socket.handshake().query().getOrDefault("name", "nobody"));
    log.add(name + " connected");
    socket.onAny(event -> log.add(name + " sent " + event.name()));
    socket.onDisconnect(reason -> log.add(name + " left: " + reason.wireName()));
  }

  private static void count(Socket socket, long messages) {
    for (int i = 0; i < messages; i++) {
      socket.emit("number", i);
    }
  }

  /** A few messages at a time, with a breath between, as an application would send them. */
  private void stream(Socket socket, int from, long messages) {
    for (int i = from; i < Math.min(messages, from + CHUNK_OF_MESSAGES); i++) {
      socket.emit("number", i);
    }
    if (from + CHUNK_OF_MESSAGES < messages) {
      vertx.setTimer(2, timer -> stream(socket, from + CHUNK_OF_MESSAGES, messages));
    }
  }

  private void ask(Event event) {
    Duration patience = Duration.ofMillis((Long) event.arg(0));
    event
        .socket()
        .emitWithAck(patience, "question", "how are you?")
        .whenComplete(
            (answer, failure) ->
                event.ack(failure == null ? answer : List.of(failure.getMessage())));
  }

  private void handle(HttpServerRequest request) {
    String path = request.path();
    if (socketIo.serves(request)) {
      socketIo.handle(request);
    } else if (path.equals("/log")) {
      JsonObject answer =
          new JsonObject()
              .put("clients", server.clients())
              .put("log", new JsonArray(List.copyOf(log)));
      request.response().end(answer.encode());
    } else if (path.startsWith("/files/") && !path.contains("..")) {
      request.response().sendFile(files.resolve(path.substring("/files/".length())).toString());
    } else {
      request.response().setStatusCode(404).end();
    }
  }

  public static void main(String[] args) throws IOException {
    InteropServer interop = new InteropServer(Path.of(args[0]), List.of(args).contains("recovery"));
    HttpServerOptions options =
        VertxSocketIo.configure(new HttpServerOptions(), interop.server.limits());
    interop
        .vertx
        .createHttpServer(options)
        .requestHandler(interop::handle)
        .listen(0, "127.0.0.1")
        .onSuccess(listening -> System.out.println("port " + listening.actualPort()))
        .onFailure(
            failure -> {
              failure.printStackTrace();
              System.exit(1);
            });
    while (System.in.read() >= 0) {
      // whoever started this holds the other end
    }
    System.exit(0);
  }
}
