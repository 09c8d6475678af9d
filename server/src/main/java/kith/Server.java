package kith;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import kith.auth.AccessTokens;
import kith.auth.Accounts;
import kith.auth.AuthRoutes;
import kith.auth.Identities;
import kith.auth.SignedIn;
import kith.call.CallHistory;
import kith.call.CallSettings;
import kith.call.Calls;
import kith.call.Presence;
import kith.circle.CircleDirectory;
import kith.circle.CircleRoutes;
import kith.circle.Circles;
import kith.circle.Invites;
import kith.database.Database;
import kith.database.DatabaseUnavailable;
import kith.history.HistoryRoutes;
import kith.relay.EmbeddedRelay;
import kith.relay.Relay;
import kith.relay.RelayAddress;
import kith.relay.RelayRoutes;
import kith.relay.RelayUrls;
import kith.settings.DataDirectory;
import kith.settings.Settings;
import kith.settings.Settings.Tls;
import kith.signaling.ConnectedDevices;
import kith.signaling.Signaling;
import kith.socketio.SocketIoServer;
import kith.socketio.vertx.VertxSocketIo;
import kith.tls.SelfSigned;
import kith.web.Answer;
import kith.web.Api;
import kith.web.ClientAddresses;
import kith.web.Cors;
import kith.web.Health;
import kith.web.HttpPort;
import kith.web.Metrics;
import kith.web.Route;
import kith.web.SecurityHeaders;
import kith.web.TlsForCameras;
import kith.web.WebApp;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running server: every part, made and given to the parts that need it. */
public final class Server implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Server.class);

  private static final Duration RECONNECT_IN = Duration.ofSeconds(2);
  private static final long TIDY_MILLIS = Duration.ofHours(1).toMillis();

  private final Settings settings;
  private final InstantSource clock;

  /** What has been started, the latest first: the order to stop it in. */
  private final Deque<AutoCloseable> started = new ArrayDeque<>();

  private final Accounts accounts;
  private final Circles circles;
  private final HttpPort http;

  /**
   * @throws StartFailed if something it needs is not to be had; nothing is left running then
   */
  public static Server start(Settings settings, InstantSource clock) throws StartFailed {
    return new Server(settings, clock);
  }

  private Server(Settings settings, InstantSource clock) throws StartFailed {
    this.settings = settings;
    this.clock = clock;
    boolean complete = false;
    try {
      DataDirectory data = starting(DataDirectory.open(settings.dataDir()));
      Database database = starting(Database.open(settings.databaseUrl(), data.path()));
      Metrics metrics = starting(new Metrics(settings.metrics()));

      AccessTokens tokens =
          new AccessTokens(secret(settings.jwtSecret(), data, "jwt-secret"), clock);
      Identities identities = new Identities(tokens, database, clock);

      String turnSecret = secret(settings.turn().secret(), data, "turn-secret");
      Optional<EmbeddedRelay> embeddedRelay = embeddedRelay(turnSecret);
      embeddedRelay.ifPresent(running -> running.countIn(metrics.registry()));
      Relay relay = new Relay(relayUrls(embeddedRelay), turnSecret, clock);
      SignedIn signedIn = new SignedIn(identities, relay::seen);

      CircleDirectory directory = new CircleDirectory(database, identities::user);
      ConnectedDevices devices = new ConnectedDevices(relay);
      Calls calls = starting(new Calls(callSettings(), directory, devices, database, clock));
      Presence presence = new Presence(devices, calls);
      SocketIoServer socketIo =
          SocketIoServer.builder()
              .limits(Signaling.limits())
              .allowedOrigins(settings.allowedOrigins().toArray(String[]::new))
              .build();
      Signaling signaling =
          starting(
              new Signaling(
                  socketIo,
                  new SignalingTokens(identities),
                  devices,
                  calls,
                  presence,
                  directory,
                  relay,
                  clock));
      count(metrics.registry(), calls, devices, socketIo);

      this.circles =
          new Circles(
              database, user -> presence.of(user).wire(), new CircleNews(calls, signaling), clock);
      Invites invites = new Invites(database, circles, clock);
      this.accounts =
          new Accounts(
              database, tokens, invites, circles::leaveAll, settings.registration(), clock);

      Map<String, Supplier<Optional<String>>> checks = new LinkedHashMap<>();
      checks.put(
          "database",
          () -> database.isHealthy() ? Optional.empty() : Optional.of("does not answer"));
      embeddedRelay.ifPresent(running -> checks.put("relay", running::problem));
      Health health = new Health(checks, Version.current(), clock);

      List<Route> routes = new ArrayList<>();
      routes.addAll(new AuthRoutes(accounts, signedIn).routes());
      routes.addAll(
          new CircleRoutes(circles, invites, signedIn, settings.publicUrl(), clock).routes());
      routes.addAll(new RelayRoutes(relay, signedIn).routes());
      routes.addAll(
          new HistoryRoutes(new CallHistory(database), identities::user, signedIn).routes());
      routes.add(health.route());
      routes.add(metrics.route());
      routes.add(Route.get("/api/config", request -> Answer.json(config())));

      Vertx vertx = vertx();
      Optional<SslContext> tls = tls(data);
      this.http =
          starting(
              listen(
                  vertx,
                  tls,
                  new HttpPort.Parts(
                      VertxSocketIo.create(vertx, socketIo),
                      socketIo.limits(),
                      new Api(routes),
                      new WebApp(webDir()),
                      new TlsForCameras(tls.isPresent()),
                      new ClientAddresses(settings.trustedProxies()),
                      new Cors(settings.allowedOrigins()),
                      new SecurityHeaders(settings.tls() instanceof Tls.Files),
                      metrics)));
      starting(() -> sendClientsAway(signaling, socketIo));
      vertx.setPeriodic(TIDY_MILLIS, timer -> Thread.startVirtualThread(accounts::tidy));
      complete = true;
      log.info("Kith {} listens on {}:{}", Version.current(), settings.host(), http.port());
    } catch (DataDirectory.Unusable unusable) {
      throw new StartFailed(StartFailed.Cause.DATA_DIRECTORY, message(unusable), unusable);
    } catch (DatabaseUnavailable unavailable) {
      throw new StartFailed(StartFailed.Cause.DATABASE, message(unavailable), unavailable);
    } finally {
      if (!complete) {
        close();
      }
    }
  }

  public int port() {
    return http.port();
  }

  public Accounts accounts() {
    return accounts;
  }

  public Circles circles() {
    return circles;
  }

  private record Config(String registration, String version) {}

  private Config config() {
    return new Config(
        settings.registration().name().toLowerCase(java.util.Locale.ROOT), Version.current());
  }

  private CallSettings callSettings() {
    Settings.CallTimes times = settings.callTimes();
    return new CallSettings(times.ring(), times.connect(), times.grace());
  }

  private static void count(
      MeterRegistry registry, Calls calls, ConnectedDevices devices, SocketIoServer socketIo) {
    Gauge.builder("kith.calls.running", calls, Calls::running).register(registry);
    Gauge.builder("kith.users.connected", devices, ConnectedDevices::users).register(registry);
    Gauge.builder("kith.sockets", socketIo, SocketIoServer::clients).register(registry);
  }

  /** The last thing clients hear: when to come back. */
  private static void sendClientsAway(Signaling signaling, SocketIoServer socketIo)
      throws InterruptedException, ExecutionException, TimeoutException {
    signaling.drain(RECONNECT_IN);
    socketIo.close().toCompletableFuture().get(RECONNECT_IN.toMillis(), TimeUnit.MILLISECONDS);
  }

  private Vertx vertx() {
    Vertx vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(Runtime.getRuntime().availableProcessors())
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setFileCachingEnabled(false)
                        .setClassPathResolvingEnabled(false)));
    starting(() -> vertx.close().toCompletionStage().toCompletableFuture().join());
    return vertx;
  }

  private HttpPort listen(Vertx vertx, Optional<SslContext> tls, HttpPort.Parts parts)
      throws StartFailed {
    try {
      return new HttpPort(vertx, settings.host(), settings.port(), tls, parts);
    } catch (java.util.concurrent.CompletionException failure) {
      String where = settings.host() + ":" + settings.port();
      String why =
          failure.getCause() instanceof BindException
              ? "port " + settings.port() + " is taken or not allowed; KITH_PORT chooses another"
              : "cannot listen on " + where + ": " + message(failure);
      throw new StartFailed(StartFailed.Cause.PORT_TAKEN, why, failure);
    }
  }

  private Optional<EmbeddedRelay> embeddedRelay(String secret) throws StartFailed {
    Settings.Turn turn = settings.turn();
    if (turn.isExternal()) {
      return Optional.empty();
    }
    Optional<EmbeddedRelay.Certificate> certificate =
        settings.tls() instanceof Tls.Files(Path chain, Path key)
            ? Optional.of(new EmbeddedRelay.Certificate(chain, key))
            : Optional.empty();
    try {
      InetAddress host = InetAddress.getByName(settings.host());
      return Optional.of(starting(new EmbeddedRelay(host, turn, secret, certificate)));
    } catch (IOException taken) {
      throw new StartFailed(
          StartFailed.Cause.PORT_TAKEN,
          "the relay cannot listen: "
              + message(taken)
              + "; KITH_TURN_PORT chooses another port, KITH_TURN_URLS another relay",
          taken);
    }
  }

  private RelayUrls relayUrls(Optional<EmbeddedRelay> embedded) {
    Settings.Turn turn = settings.turn();
    return embedded
        .map(relay -> relay.urls(new RelayAddress(turn.externalIp(), settings.publicUrl())))
        .orElse(RelayUrls.external(turn.urls()));
  }

  private Optional<SslContext> tls(DataDirectory data) throws StartFailed {
    try {
      return switch (settings.tls()) {
        case Tls.Off() -> Optional.empty();
        case Tls.Files(Path certificate, Path key) -> Optional.of(context(certificate, key));
        case Tls.SelfSigned() -> {
          List<InetAddress> addresses = RelayAddress.ofThisMachine().stream().toList();
          var files = SelfSigned.in(data.path().resolve("tls"), addresses, clock.instant());
          yield Optional.of(context(files.certificate(), files.key()));
        }
      };
    } catch (IOException | IllegalArgumentException unreadable) {
      throw new StartFailed(
          StartFailed.Cause.CERTIFICATE,
          "the TLS certificate cannot be used: " + message(unreadable),
          unreadable);
    }
  }

  private static SslContext context(Path certificate, Path key) throws IOException {
    return SslContextBuilder.forServer(certificate.toFile(), key.toFile())
        .protocols("TLSv1.3", "TLSv1.2")
        .build();
  }

  /** KITH_WEB_DIR, or the folder named web beside the server's jar. */
  private Optional<Path> webDir() {
    return settings
        .webDir()
        .or(
            () -> {
              var source = Server.class.getProtectionDomain().getCodeSource();
              return source == null
                  ? Optional.empty()
                  : Optional.of(Path.of(source.getLocation().getPath()).resolveSibling("web"));
            });
  }

  private static String secret(Optional<String> set, DataDirectory data, String file)
      throws DataDirectory.Unusable {
    return set.isPresent() ? set.get() : data.secret(file);
  }

  private <T extends AutoCloseable> T starting(T part) {
    started.push(part);
    return part;
  }

  private static String message(Throwable failure) {
    return String.valueOf(failure.getMessage());
  }

  /** Stops everything, the latest started first. */
  @Override
  public void close() {
    boolean wasRunning = !started.isEmpty();
    while (!started.isEmpty()) {
      AutoCloseable part = started.pop();
      try {
        part.close();
      } catch (Exception failure) {
        log.warn("{} did not stop cleanly", part.getClass().getSimpleName(), failure);
      }
    }
    if (wasRunning) {
      log.info("Stopped");
    }
  }
}
