package kith.socketio.jdk;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import kith.socketio.SocketIoServer;
import kith.socketio.engine.EngineRequest;
import kith.socketio.engine.Exchange;
import kith.socketio.engine.Headers;
import kith.socketio.engine.Reply;
import kith.socketio.gateway.Admission;
import kith.socketio.gateway.Loop;

/**
 * A Socket.IO server on the HTTP server of the JDK, over polling only: one more web server that the
 * library knows nothing of.
 */
final class JdkSocketIo implements AutoCloseable {
  private final SocketIoServer server;
  private final HttpServer http;
  private final SingleLoop loop = new SingleLoop();

  JdkSocketIo(SocketIoServer server) throws IOException {
    this.server = server;
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    http.createContext(server.path(), this::handle);
    http.start();
  }

  int port() {
    return http.getAddress().getPort();
  }

  @Override
  public void close() {
    http.stop(0);
    loop.thread.shutdownNow();
  }

  /** Runs on a virtual thread, which waits for the answer. */
  private void handle(HttpExchange http) throws IOException {
    EngineRequest request = facts(http);
    WaitingExchange exchange = new WaitingExchange();
    switch (server.gateway().admit(request)) {
      case Admission.Answer answer -> exchange.respond(answer.reply());
      case Admission.Poll poll -> loop.execute(() -> poll.polling().run(exchange, loop));
      case Admission.Post post -> post(http, post, exchange);
      case Admission.WebSocket webSocket -> exchange.respond(Reply.empty(501));
    }
    Reply reply = exchange.reply.join();
    http.getResponseHeaders().set("Content-Type", reply.contentType());
    server.gateway().corsHeaders(request).forEach(http.getResponseHeaders()::set);
    http.sendResponseHeaders(reply.status(), reply.body().length == 0 ? -1 : reply.body().length);
    try (OutputStream out = http.getResponseBody()) {
      out.write(reply.body());
    }
  }

  private void post(HttpExchange http, Admission.Post post, WaitingExchange exchange)
      throws IOException {
    CompletableFuture<Void> accepted = new CompletableFuture<>();
    loop.execute(() -> post.begin(exchange, () -> accepted.complete(null)));
    CompletableFuture.anyOf(accepted, exchange.reply).join();
    if (accepted.isDone()) {
      byte[] body = http.getRequestBody().readNBytes(post.maxBytes() + 1);
      if (body.length > post.maxBytes()) {
        post.tooLarge(exchange);
      } else {
        post.body(body, exchange);
      }
    }
  }

  private static EngineRequest facts(HttpExchange http) {
    List<String> headers = new ArrayList<>();
    http.getRequestHeaders()
        .forEach(
            (name, values) ->
                values.forEach(
                    value -> {
                      headers.add(name);
                      headers.add(value);
                    }));
    return new EngineRequest(
        http.getRequestMethod(),
        query(http.getRequestURI().getRawQuery()),
        Headers.of(headers),
        http.getRemoteAddress().getAddress().getHostAddress(),
        false,
        "websocket".equalsIgnoreCase(http.getRequestHeaders().getFirst("Upgrade")));
  }

  private static Map<String, String> query(String raw) {
    Map<String, String> query = new HashMap<>();
    for (String pair : raw == null ? new String[0] : raw.split("&")) {
      String[] parts = pair.split("=", 2);
      query.putIfAbsent(decode(parts[0]), parts.length == 2 ? decode(parts[1]) : "");
    }
    return query;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static final class WaitingExchange implements Exchange {
    final CompletableFuture<Reply> reply = new CompletableFuture<>();

    @Override
    public void respond(Reply answer) {
      if (!reply.complete(answer)) {
        throw new UncheckedIOException(new IOException("answered twice"));
      }
    }
  }

  private static final class SingleLoop implements Loop {
    final ScheduledExecutorService thread =
        Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "socketio"));

    @Override
    public boolean isCurrent() {
      return Thread.currentThread().getName().equals("socketio");
    }

    @Override
    public void execute(Runnable task) {
      thread.execute(task);
    }

    @Override
    public void after(long millis, Runnable task) {
      thread.schedule(task, millis, TimeUnit.MILLISECONDS);
    }
  }
}
