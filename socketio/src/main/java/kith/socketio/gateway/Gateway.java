package kith.socketio.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import kith.socketio.engine.EngineError;
import kith.socketio.engine.EngineOptions;
import kith.socketio.engine.EngineRequest;
import kith.socketio.engine.Exchange;
import kith.socketio.engine.Link;
import kith.socketio.engine.OriginPolicy;
import kith.socketio.engine.Reply;
import org.jspecify.annotations.Nullable;

/** Where requests for Engine.IO arrive from a web server, and the sessions they belong to. */
public final class Gateway {
  private final EngineOptions options;
  private final OriginPolicy origins;
  private final int maxConnections;
  private final EngineApplication application;
  private final Supplier<String> ids;
  private final LongSupplier clock;
  private final Consumer<Throwable> onError;
  private final Map<String, Connection> connections = new ConcurrentHashMap<>();
  private final Map<Loop, Wheel> wheels = new ConcurrentHashMap<>();
  private final AtomicInteger count = new AtomicInteger();
  private final CompletableFuture<Void> allGone = new CompletableFuture<>();
  private volatile boolean closed;

  /**
   * @param maxConnections the most sessions at one time
   * @param ids makes session ids that nobody can guess
   * @param clock milliseconds, never backwards
   * @param onError told of exceptions that nobody else handles
   */
  public Gateway(
      EngineOptions options,
      OriginPolicy origins,
      int maxConnections,
      EngineApplication application,
      Supplier<String> ids,
      LongSupplier clock,
      Consumer<Throwable> onError) {
    this.options = options;
    this.origins = origins;
    this.maxConnections = maxConnections;
    this.application = application;
    this.ids = ids;
    this.clock = clock;
    this.onError = onError;
  }

  /** Decides what is to be done with a request. */
  public Admission admit(EngineRequest request) {
    if (!origins.allows(request)) {
      return refuse(EngineError.FORBIDDEN);
    }
    if (request.method().equals("OPTIONS")) {
      return new Admission.Answer(Reply.empty(204));
    }
    String transport = request.query().get("transport");
    boolean webSocket = "websocket".equals(transport);
    if (!webSocket && !"polling".equals(transport)) {
      return refuse(EngineError.UNKNOWN_TRANSPORT);
    }
    if (!"4".equals(request.query().get("EIO"))) {
      return refuse(EngineError.UNSUPPORTED_PROTOCOL);
    }
    if (webSocket != request.webSocket()) {
      return refuse(EngineError.BAD_REQUEST);
    }
    String id = request.query().get("sid");
    return id == null ? handshake(request) : resume(request, connections.get(id));
  }

  private Admission handshake(EngineRequest request) {
    if (!request.method().equals("GET")) {
      return refuse(EngineError.BAD_HANDSHAKE_METHOD);
    }
    if (closed || count.get() >= maxConnections || !application.hasRoom()) {
      return refuse(EngineError.UNAVAILABLE);
    }
    return request.webSocket()
        ? new Admission.WebSocket(
            (link, loop) -> {
              Connection connection = open(request, loop);
              connection.openWebSocket(link);
              return new ConnectionLink(connection, link, loop);
            },
            options.maxPayload())
        : new Admission.Poll(new OpeningPoll(request));
  }

  private Admission resume(EngineRequest request, @Nullable Connection connection) {
    if (connection == null) {
      return refuse(EngineError.UNKNOWN_SESSION);
    }
    if (request.webSocket()) {
      return new Admission.WebSocket(
          (link, loop) -> {
            connection.probeOpened(link);
            return new ConnectionLink(connection, link, loop);
          },
          options.maxPayload());
    }
    return switch (request.method()) {
      case "GET" -> new Admission.Poll(new WaitingPoll(connection));
      case "POST" -> new Admission.Post(connection, options.maxPayload(), options.bodyTimeout());
      default -> refuse(EngineError.BAD_REQUEST);
    };
  }

  private static Admission refuse(EngineError error) {
    return new Admission.Answer(Reply.error(error));
  }

  /** The CORS fields that the response to this request carries. */
  public Map<String, String> corsHeaders(EngineRequest request) {
    return origins.responseHeaders(request);
  }

  private Connection open(EngineRequest request, Loop loop) {
    Connection connection = new Connection(this, ids.get(), request, loop);
    connections.put(connection.id(), connection);
    count.incrementAndGet();
    if (closed) {
      connection.shutDown();
    }
    return connection;
  }

  void gone(Connection connection) {
    if (connections.remove(connection.id(), connection) && count.decrementAndGet() == 0 && closed) {
      allGone.complete(null);
    }
  }

  /** Sessions at present. */
  public int connections() {
    return count.get();
  }

  /** Refuses new sessions and closes all there are; completes when they are gone. */
  public CompletionStage<Void> close() {
    closed = true;
    List<Connection> open = new ArrayList<>(connections.values());
    open.forEach(Connection::shutDown);
    if (count.get() == 0) {
      allGone.complete(null);
    }
    return allGone;
  }

  EngineOptions options() {
    return options;
  }

  EngineApplication application() {
    return application;
  }

  long now() {
    return clock.getAsLong();
  }

  void report(Throwable failure) {
    onError.accept(failure);
  }

  Wheel wheel(Loop loop) {
    return wheels.computeIfAbsent(loop, l -> new Wheel(l, clock, wheelStep()));
  }

  private long wheelStep() {
    long shortest = Math.min(options.pingInterval(), options.pingTimeout());
    return Math.clamp(shortest / 20, 5, 100);
  }

  private final class OpeningPoll implements Admission.Polling {
    private final EngineRequest request;

    OpeningPoll(EngineRequest request) {
      this.request = request;
    }

    @Override
    public void run(Exchange exchange, Loop loop) {
      open(request, loop).openPolling(exchange);
    }

    @Override
    public void aborted(Exchange exchange) {}
  }

  private record WaitingPoll(Connection connection) implements Admission.Polling {
    @Override
    public void run(Exchange exchange, Loop loop) {
      connection.poll(exchange);
    }

    @Override
    public void aborted(Exchange exchange) {
      connection.pollAborted(exchange);
    }
  }

  private record ConnectionLink(Connection connection, Link link, Loop loop)
      implements Admission.LinkEvents {
    @Override
    public void text(byte[] utf8, int from, int to) {
      connection.linkText(link, loop, utf8, from, to);
    }

    @Override
    public void binary(byte[] data) {
      connection.linkBinary(link, data);
    }

    @Override
    public void drained() {
      connection.linkDrained(link);
    }

    @Override
    public void closed() {
      connection.linkClosed(link);
    }
  }
}
