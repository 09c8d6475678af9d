package kith.socketio.vertx;

import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketServerExtensionHandler;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.impl.ConnectionBase;
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
    if (request.connection() instanceof ConnectionBase connection) {
      refuseExtensions(connection.channel().pipeline());
    }
    // A failed handshake was answered by Vert.x.
    request.toWebSocket().onSuccess(socket -> open(socket, webSocket, loop));
  }

  /**
   * Frames are read as they are: compression is not to be agreed on, however the server is set up.
   */
  private static void refuseExtensions(ChannelPipeline pipeline) {
    if (pipeline.get(WebSocketServerExtensionHandler.class) != null) {
      pipeline.remove(WebSocketServerExtensionHandler.class);
    }
  }

  private static void open(ServerWebSocket socket, Admission.WebSocket webSocket, VertxLoop loop) {
    VertxLink link = new VertxLink(socket, webSocket.maxBytes());
    link.listen(webSocket.opening().open(link, loop));
  }

  private VertxLoop loop(ContextInternal context) {
    return loops.computeIfAbsent(context.nettyEventLoop(), l -> new VertxLoop(context));
  }

  /** One object for what is the same in every request: sessions keep theirs for life. */
  private static String known(String text) {
    return switch (text) {
      case "EIO" -> "EIO";
      case "4" -> "4";
      case "transport" -> "transport";
      case "websocket" -> "websocket";
      case "polling" -> "polling";
      default -> text;
    };
  }

  /** Fields of the WebSocket handshake itself, which nobody asks for later. */
  private static boolean isHopByHop(String name) {
    return name.regionMatches(true, 0, "Sec-WebSocket-", 0, "Sec-WebSocket-".length())
        || name.equalsIgnoreCase("Connection")
        || name.equalsIgnoreCase("Upgrade");
  }

  private static EngineRequest facts(HttpServerRequest request) {
    Map<String, String> query = new HashMap<>();
    request.params().forEach((name, value) -> query.putIfAbsent(known(name), known(value)));
    List<String> headers = new ArrayList<>();
    request
        .headers()
        .forEach(
            (name, value) -> {
              if (!isHopByHop(name)) {
                headers.add(name);
                headers.add(value);
              }
            });
    SocketAddress remote = request.remoteAddress();
    String address = remote == null ? null : remote.hostAddress();
    return new EngineRequest(
        request.method().name(),
        Map.copyOf(query),
        Headers.of(headers),
        address == null ? "" : address,
        request.isSSL(),
        "websocket".equalsIgnoreCase(request.getHeader("Upgrade")));
  }
}
