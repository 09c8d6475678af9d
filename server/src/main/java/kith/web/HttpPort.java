package kith.web;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.impl.ConnectionBase;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import kith.limits.RateLimit;
import kith.limits.RateLimits;
import kith.socketio.Limits;
import kith.socketio.vertx.VertxSocketIo;
import kith.tls.Certificate;
import kith.tls.TlsSniffing;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one port. Socket.IO stays on the event loop; the API and the web app are answered on virtual
 * threads, so they may block.
 */
public final class HttpPort implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HttpPort.class);
  private static final int MAX_BODY_BYTES = 64 << 10;
  private static final int MAX_HEADER_BYTES = 16 << 10;
  private static final int MAX_REQUEST_LINE_BYTES = 8 << 10;
  private static final int MAX_CONCURRENT_REQUESTS = 256;
  private static final RateLimit NEW_SOCKETS_PER_ADDRESS =
      new RateLimit(600, Duration.ofMinutes(1));
  private static final long BODY_MILLIS = 15_000;
  private static final int IDLE_SECONDS = 120;
  private static final int STOP_SECONDS = 5;

  private final Vertx vertx;
  private final Parts parts;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final RateLimits newSockets;
  private final Semaphore free = new Semaphore(MAX_CONCURRENT_REQUESTS);

  /**
   * What answers on the port.
   *
   * @param socketIo for everything below /socket.io/
   */
  public record Parts(
      Handler<HttpServerRequest> socketIo,
      Limits socketIoLimits,
      Api api,
      WebApp webApp,
      TlsForCameras tlsForCameras,
      ClientAddresses addresses,
      ConnectionLimit connections,
      Cors cors,
      SecurityHeaders securityHeaders,
      Metrics metrics,
      InstantSource clock) {}

  /**
   * Listens.
   *
   * @param tls to speak TLS, too, on the same port
   * @param beforeHttp makes what sees each connection's bytes first where TLS is spoken, if
   *     anything
   * @throws CompletionException caused by a BindException, or a NativeIoException of Netty's, if
   *     the port is taken
   */
  public HttpPort(
      Vertx vertx,
      String host,
      int port,
      Optional<Certificate> tls,
      Optional<Supplier<ChannelHandler>> beforeHttp,
      Parts parts) {
    this.vertx = vertx;
    this.parts = parts;
    this.newSockets = new RateLimits(NEW_SOCKETS_PER_ADDRESS, parts.clock);
    this.server =
        vertx
            .createHttpServer(
                VertxSocketIo.configure(new HttpServerOptions(), parts.socketIoLimits)
                    .setMaxHeaderSize(MAX_HEADER_BYTES)
                    .setMaxInitialLineLength(MAX_REQUEST_LINE_BYTES)
                    .setHttp2ClearTextEnabled(false)
                    .setIdleTimeout(IDLE_SECONDS)
                    .setHandle100ContinueAutomatically(true))
            .requestHandler(this::handle);
    var sniffing = tls.map(certificate -> new TlsSniffing(certificate, beforeHttp));
    server.connectionHandler(
        connection -> {
          sniffing.ifPresent(it -> it.handle(connection));
          limit(((ConnectionBase) connection).channel());
        });
    server.listen(port, host).toCompletionStage().toCompletableFuture().join();
  }

  /** One that is too many is closed without a word. */
  private void limit(Channel channel) {
    if (channel.remoteAddress() instanceof InetSocketAddress peer) {
      boolean mayBe = parts.connections.opens(peer.getAddress());
      channel.closeFuture().addListener(closed -> parts.connections.closes(peer.getAddress()));
      if (!mayBe) {
        channel.close();
      }
    }
  }

  public int port() {
    return server.actualPort();
  }

  private void handle(HttpServerRequest request) {
    Map<String, String> headers = headersOf(request.headers());
    InetAddress peer = InetAddress.ofLiteral(request.remoteAddress().hostAddress());
    URI base = parts.addresses.base(peer, headers, request.isSSL(), "localhost:" + port());
    HttpServerResponse response = request.response();
    parts.securityHeaders.forRequestTo(base).forEach(response::putHeader);
    String path = request.path();
    if (path == null) {
      write(request, Problem.badRequest("The address is malformed").answer());
    } else if (path.startsWith("/socket.io/")) {
      toSocketIo(request, headers, parts.addresses.client(peer, headers));
    } else if (request.method().name().equals("OPTIONS")) {
      write(request, parts.cors.preflight(headers.getOrDefault("origin", "")));
    } else if (parts.tlsForCameras.isNeeded(request.isSSL(), headers, base, path)) {
      write(request, TlsForCameras.redirect(base, request.uri()));
    } else {
      parts.cors.headers(headers.getOrDefault("origin", "")).forEach(response::putHeader);
      new Body(request, bytes -> answer(request, read(request, path, headers, bytes, peer, base)));
    }
  }

  /** Whoever has no session yet gets so many from one address that others get theirs, too. */
  private void toSocketIo(
      HttpServerRequest request, Map<String, String> headers, InetAddress client) {
    Optional<Problem> problem = objectionToSocket(request, client);
    if (problem.isPresent()) {
      parts.cors.headers(headers.getOrDefault("origin", "")).forEach(request.response()::putHeader);
      write(request, problem.get().answer());
    } else {
      parts.socketIo.handle(request);
    }
  }

  private Optional<Problem> objectionToSocket(HttpServerRequest request, InetAddress client) {
    try {
      // Not getParam(): it takes SID for sid, which Socket.IO does not.
      boolean isNew =
          !request.method().name().equals("OPTIONS")
              && request.params().entries().stream()
                  .noneMatch(parameter -> parameter.getKey().equals("sid"));
      return isNew
          ? newSockets.take(RateLimits.key(client)).map(Problem::rateLimited)
          : Optional.empty();
    } catch (IllegalArgumentException malformed) {
      return Optional.of(Problem.badRequest("The address is malformed"));
    }
  }

  /** Of several lines of a name, the first; of X-Forwarded-For, a list, all (RFC 9110 5.3). */
  private static Map<String, String> headersOf(MultiMap sent) {
    Map<String, String> headers = new HashMap<>();
    for (var header : sent) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      if (name.equals("x-forwarded-for")) {
        headers.merge(name, header.getValue(), (hops, nearer) -> hops + "," + nearer);
      } else {
        headers.putIfAbsent(name, header.getValue());
      }
    }
    return headers;
  }

  private Request read(
      HttpServerRequest request,
      String path,
      Map<String, String> headers,
      byte[] body,
      InetAddress peer,
      URI base) {
    Map<String, String> query = new HashMap<>();
    try {
      new QueryStringDecoder(request.uri())
          .parameters()
          .forEach((name, values) -> query.put(name, values.getFirst()));
    } catch (IllegalArgumentException malformed) {
      query.clear();
    }
    return new Request(
        request.method().name(),
        path,
        query,
        headers,
        body,
        parts.addresses.client(peer, headers),
        parts.addresses.isFromAnyone(peer, headers),
        base,
        Map.of());
  }

  private void answer(HttpServerRequest http, Request request) {
    Context context = vertx.getOrCreateContext();
    if (!free.tryAcquire()) {
      write(http, Problem.unavailable("The server is busy; try again in a moment").answer());
      return;
    }
    threads.execute(
        () -> {
          try {
            Answer answer = answerOrFail(request);
            context.runOnContext(ignored -> write(http, answer));
          } finally {
            free.release();
          }
        });
  }

  private Answer answerOrFail(Request request) {
    try {
      return answerTimed(request);
    } catch (RuntimeException failure) {
      log.error("A request failed", failure);
      return new Problem(500, "server_error", "Something went wrong here").answer();
    }
  }

  private Answer answerTimed(Request request) {
    if (!isApi(request.path())) {
      return parts.webApp.answer(request);
    }
    long start = System.nanoTime();
    Answer answer = parts.api.answer(request);
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    String pattern = parts.api.pattern(request);
    parts.metrics.answered(request.method(), pattern, answer.status(), took);
    log.debug("{} {}: {} in {} ms", request.method(), pattern, answer.status(), took.toMillis());
    return answer;
  }

  private static boolean isApi(String path) {
    return path.startsWith("/api/") || path.equals("/health") || path.equals("/metrics");
  }

  private static void write(HttpServerRequest request, Answer answer) {
    HttpServerResponse response = request.response();
    if (response.closed() || response.ended()) {
      return;
    }
    response.setStatusCode(answer.status());
    answer.headers().forEach(response::putHeader);
    if (request.method().name().equals("HEAD")) {
      response.putHeader("Content-Length", Integer.toString(answer.body().length));
      response.end();
    } else {
      response.end(Buffer.buffer(answer.body()));
    }
  }

  /** Stops taking connections, lets requests under way finish, closes the rest. */
  @Override
  public void close() {
    try {
      server
          .shutdown(STOP_SECONDS, TimeUnit.SECONDS)
          .toCompletionStage()
          .toCompletableFuture()
          .get(STOP_SECONDS + 1L, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException late) {
      log.warn("Some connections did not close in time");
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    threads.shutdown();
  }

  /** Collects a body of bounded size in bounded time. */
  private final class Body {
    private final HttpServerRequest request;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(0);
    private final long timer;
    private boolean refused;

    Body(HttpServerRequest request, Consumer<byte[]> then) {
      this.request = request;
      this.timer =
          vertx.setTimer(
              BODY_MILLIS, id -> refuse(new Problem(408, "bad_request", "The body took too long")));
      request.handler(this::take);
      request.exceptionHandler(gone -> vertx.cancelTimer(timer));
      request.endHandler(
          end -> {
            vertx.cancelTimer(timer);
            if (!refused) {
              then.accept(bytes.toByteArray());
            }
          });
    }

    private void take(Buffer chunk) {
      if (refused) {
        return;
      }
      if (bytes.size() + chunk.length() > MAX_BODY_BYTES) {
        refuse(
            new Problem(
                413, "too_large", "The body may have at most " + MAX_BODY_BYTES + " bytes"));
      } else {
        bytes.writeBytes(chunk.getBytes());
      }
    }

    /** The rest of the body is not wanted: the connection ends with the answer. */
    private void refuse(Problem problem) {
      refused = true;
      vertx.cancelTimer(timer);
      write(request, problem.answer().with("Connection", "close"));
    }
  }
}
