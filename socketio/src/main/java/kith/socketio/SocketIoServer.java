package kith.socketio;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import kith.socketio.adapter.Adapter;
import kith.socketio.adapter.InProcess;
import kith.socketio.engine.EngineListener;
import kith.socketio.engine.EngineOptions;
import kith.socketio.engine.OriginPolicy;
import kith.socketio.gateway.Connection;
import kith.socketio.gateway.EngineApplication;
import kith.socketio.gateway.Gateway;
import kith.socketio.protocol.PacketCodec;
import kith.socketio.protocol.PacketLimits;
import kith.socketio.session.SessionLimits;
import org.jspecify.annotations.Nullable;

/**
 * A Socket.IO 5 server over Engine.IO 4. It knows no web server: {@code kith.socketio.vertx} puts
 * it on Vert.x, and {@link Gateway} is what any other adapter talks to.
 */
public final class SocketIoServer {
  private static final System.Logger LOG = System.getLogger(SocketIoServer.class.getName());

  private final String path;
  private final Limits limits;
  private final SessionLimits sessionLimits;
  private final PacketCodec codec;
  private final Supplier<String> ids;
  private final Consumer<Throwable> onError;
  private final LongSupplier clock;
  private final Adapter.Factory adapters;
  private final @Nullable RecoveryOptions recovery;
  private final String node;
  private final AtomicLong offsets = new AtomicLong();
  private final Gateway gateway;
  private final Map<String, Namespace> namespaces = new ConcurrentHashMap<>();
  private final AtomicInteger unconnected = new AtomicInteger();

  private SocketIoServer(Builder builder) {
    path = builder.path;
    limits = builder.limits;
    ids = builder.ids;
    onError = builder.onError;
    clock = builder.clock;
    adapters = builder.adapters;
    recovery = builder.recovery;
    node = recovery == null ? "" : ids.get();
    sessionLimits =
        new SessionLimits(
            builder.connectTimeout.toMillis(),
            limits.attachmentTimeout().toMillis(),
            limits.maxNamespaces(),
            limits.maxRefusals());
    codec =
        new PacketCodec(
            new PacketLimits(
                limits.maxAttachments(),
                limits.maxEventBytes(),
                limits.maxJsonDepth(),
                limits.maxStringLength(),
                limits.maxNamespaceLength(),
                limits.maxConnectBytes()));
    gateway =
        new Gateway(
            builder.engineOptions(),
            new OriginPolicy(builder.allowedOrigins),
            limits.maxConnections(),
            new Clients(),
            ids,
            builder.clock,
            onError);
  }

  private final class Clients implements EngineApplication {
    @Override
    public EngineListener open(Connection connection, long now) {
      return new Client(SocketIoServer.this, connection, now);
    }

    @Override
    public boolean hasRoom() {
      return unconnected.get() < limits.maxUnconnected();
    }
  }

  public static Builder builder() {
    return new Builder();
  }

  /**
   * The namespace of that name, made if there is none: only then can clients connect to it.
   *
   * @throws IllegalArgumentException when the name does not begin with a slash or holds a comma
   */
  public Namespace of(String name) {
    if (!name.startsWith("/") || name.contains(",")) {
      throw new IllegalArgumentException("not a namespace: " + name);
    }
    return namespaces.computeIfAbsent(
        name,
        n ->
            new Namespace(
                this, n, adapters, recovery == null ? null : new Recovery(recovery, clock, ids)));
  }

  /** Clients at present, whether in a namespace or not. */
  public int clients() {
    return gateway.connections();
  }

  /** The path that requests for this server begin with. */
  public String path() {
    return path;
  }

  public Limits limits() {
    return limits;
  }

  /** For adapters to web servers. */
  public Gateway gateway() {
    return gateway;
  }

  /**
   * Refuses new clients and closes all there are, which may then reconnect elsewhere; completes
   * when they are gone.
   */
  public CompletionStage<Void> close() {
    namespaces.values().forEach(namespace -> namespace.adapter().close());
    return gateway.close();
  }

  // ---- within the library

  @Nullable Namespace find(String name) {
    return namespaces.get(name);
  }

  SessionLimits sessionLimits() {
    return sessionLimits;
  }

  PacketCodec codec() {
    return codec;
  }

  String newId() {
    return ids.get();
  }

  /** Names a message among those of all nodes. */
  String newOffset() {
    return node + "." + Long.toString(offsets.getAndIncrement(), Character.MAX_RADIX);
  }

  void unconnected(int change) {
    unconnected.addAndGet(change);
  }

  void report(Throwable failure) {
    onError.accept(failure);
  }

  /** How a server is set up; every setting has a default. */
  public static final class Builder {
    private static final int ID_BYTES = 15;

    private String path = "/socket.io/";
    private Duration pingInterval = Duration.ofSeconds(25);
    private Duration pingTimeout = Duration.ofSeconds(20);
    private Duration connectTimeout = Duration.ofSeconds(20);
    private Duration upgradeTimeout = Duration.ofSeconds(10);
    private Limits limits = Limits.defaults();
    private Set<String> allowedOrigins = Set.of();
    private Supplier<String> ids = randomIds(new SecureRandom());
    private Adapter.Factory adapters = new InProcess();
    private @Nullable RecoveryOptions recovery;
    private LongSupplier clock = () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    private Consumer<Throwable> onError =
        failure -> LOG.log(System.Logger.Level.WARNING, "a handler failed", failure);

    private Builder() {}

    private static Supplier<String> randomIds(SecureRandom random) {
      return () -> {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
      };
    }

    /** Default {@code /socket.io/}. */
    public Builder path(String path) {
      if (!path.startsWith("/") || !path.endsWith("/")) {
        throw new IllegalArgumentException("not a path from slash to slash: " + path);
      }
      this.path = path;
      return this;
    }

    /** From a pong to the next ping; default 25 s. */
    public Builder pingInterval(Duration interval) {
      pingInterval = positive(interval);
      return this;
    }

    /** From a ping to the end of a client that does not answer; default 20 s. */
    public Builder pingTimeout(Duration timeout) {
      pingTimeout = positive(timeout);
      return this;
    }

    /** How long a client may be in no namespace, its middleware included; default 20 s. */
    public Builder connectTimeout(Duration timeout) {
      connectTimeout = positive(timeout);
      return this;
    }

    /** How long an upgrade from polling to WebSocket may take; default 10 s. */
    public Builder upgradeTimeout(Duration timeout) {
      upgradeTimeout = positive(timeout);
      return this;
    }

    public Builder limits(Limits limits) {
      this.limits = limits;
      return this;
    }

    /**
     * Which web pages may connect besides the server's own: origins such as {@code
     * https://example.org}, or {@code "*"} for all. Clients that are no web page send no origin and
     * always may.
     */
    public Builder allowedOrigins(String... origins) {
      allowedOrigins = Set.of(origins);
      return this;
    }

    /** Told of exceptions from handlers and middleware; default: logged as a warning. */
    public Builder onError(Consumer<Throwable> handler) {
      onError = handler;
      return this;
    }

    /**
     * Where ids come from; default: 120 bits of a SecureRandom. Must not repeat and not be
     * guessable.
     */
    public Builder ids(Supplier<String> ids) {
      this.ids = ids;
      return this;
    }

    /** Milliseconds that never go backwards; default: the system's. */
    public Builder clock(LongSupplier clock) {
      this.clock = clock;
      return this;
    }

    /** What joins this server to others; default: nothing, a cluster of one. */
    public Builder adapter(Adapter.Factory adapters) {
      this.adapters = adapters;
      return this;
    }

    /** Lets clients whose connection broke come back and go on; default: they start anew. */
    public Builder recovery(RecoveryOptions recovery) {
      this.recovery = recovery;
      return this;
    }

    private static Duration positive(Duration duration) {
      if (duration.toMillis() <= 0) {
        throw new IllegalArgumentException("not a positive duration: " + duration);
      }
      return duration;
    }

    private EngineOptions engineOptions() {
      return new EngineOptions(
          pingInterval.toMillis(),
          pingTimeout.toMillis(),
          upgradeTimeout.toMillis(),
          pingTimeout.toMillis(),
          limits.bodyTimeout().toMillis(),
          limits.maxPayload(),
          limits.maxPacketsPerPayload(),
          limits.maxOutboundBytes());
    }

    public SocketIoServer build() {
      return new SocketIoServer(this);
    }
  }
}
