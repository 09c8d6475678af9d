package kith.socketio.vertx;

import io.netty.channel.EventLoop;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.SocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import kith.socketio.engine.EngineError;
import kith.socketio.engine.EngineRequest;
import kith.socketio.engine.Headers;
import kith.socketio.engine.Reply;
import kith.socketio.gateway.Admission;
import kith.socketio.gateway.Gateway;

/** Hands the requests of a Vert.x HTTP server to a gateway. */
public final class VertxGateway implements Handler<HttpServerRequest> {
  private final Vertx vertx;
  private final Gateway gateway;
  private final Map<EventLoop, VertxLoop> loops = new ConcurrentHashMap<>();

  public VertxGateway(Vertx vertx, Gateway gateway) {
    this.vertx = vertx;
    this.gateway = gateway;
  }

  @Override
  public void handle(HttpServerRequest request) {
    ContextInternal context = (ContextInternal) vertx.getOrCreateContext();
    EngineRequest facts;
    try {
      facts = facts(request);
    } catch (IllegalArgumentException undecodable) {
      // A query like "?a=%zz".
      new VertxExchange(request, Map.of(), context).respond(Reply.error(EngineError.BAD_REQUEST));
      return;
    }
    VertxExchange exchange = new VertxExchange(request, gateway.corsHeaders(facts), context);
    switch (gateway.admit(facts)) {
      case Admission.Answer answer -> exchange.respond(answer.reply());
      case Admission.Poll poll -> {
        exchange.onAbort(() -> poll.polling().aborted(exchange));
        poll.polling().run(exchange, loop(context));
      }
      case Admission.Post post -> new BodyReader(request, exchange, post, context).start();
      case Admission.WebSocket webSocket -> accept(request, webSocket, loop(context));
    }
  }

  private static void accept(
      HttpServerRequest request, Admission.WebSocket webSocket, VertxLoop loop) {
    // A failed handshake was answered by Vert.x.
    request.toWebSocket().onSuccess(socket -> open(socket, webSocket, loop));
  }

  private static void open(ServerWebSocket socket, Admission.WebSocket webSocket, VertxLoop loop) {
    VertxLink link = new VertxLink(socket, webSocket.maxBytes());
    link.listen(webSocket.opening().open(link, loop));
  }

  private VertxLoop loop(ContextInternal context) {
    return loops.computeIfAbsent(context.nettyEventLoop(), l -> new VertxLoop(context));
  }

  private static EngineRequest facts(HttpServerRequest request) {
    Map<String, String> query = new HashMap<>();
    request.params().forEach(entry -> query.putIfAbsent(entry.getKey(), entry.getValue()));
    List<String> headers = new ArrayList<>();
    request
        .headers()
        .forEach(
            (name, value) -> {
              headers.add(name);
              headers.add(value);
            });
    SocketAddress remote = request.remoteAddress();
    String address = remote == null ? null : remote.hostAddress();
    return new EngineRequest(
        request.method().name(),
        query,
        Headers.of(headers),
        address == null ? "" : address,
        request.isSSL(),
        "websocket".equalsIgnoreCase(request.getHeader("Upgrade")));
  }
}
