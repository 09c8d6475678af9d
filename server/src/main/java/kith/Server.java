package kith;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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
import kith.auth.IssuerKeys;
import kith.auth.SignedIn;
import kith.call.CallSettings;
import kith.call.running.CallHistory;
import kith.call.running.CallMeters;
import kith.call.running.Calls;
import kith.call.running.Presence;
import kith.circle.CircleDirectory;
import kith.circle.CircleRoutes;
import kith.circle.Circles;
import kith.circle.Invites;
import kith.database.Database;
import kith.history.HistoryNews;
import kith.history.HistoryRoutes;
import kith.relay.EmbeddedRelay;
import kith.relay.Relay;
import kith.relay.RelayAddress;
import kith.relay.RelayRoutes;
import kith.relay.RelayUrls;
import kith.relay.RelayUrls.OnHttpPort;
import kith.settings.DataDirectory;
import kith.settings.ExternalIp;
import kith.settings.Settings;
import kith.settings.Settings.Tls;
import kith.signaling.ConnectedDevices;
import kith.signaling.Signaling;
import kith.socketio.SocketIoServer;
import kith.socketio.vertx.VertxSocketIo;
import kith.tls.Certificate;
import kith.web.Answer;
import kith.web.Api;
import kith.web.ClientAddresses;
import kith.web.ConnectionLimit;
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

  /** A hundred people behind one NAT have about seven each while their pages load. */
  private static final int CONNECTIONS_PER_ADDRESS = 1_000;

  private static final long TIDY_MILLIS = Duration.ofHours(1).toMillis();

  private final Settings settings;

  /** What has been started, the latest first: the order to stop it in. */
  private final Deque<AutoCloseable> started = new ArrayDeque<>();

  private final Accounts accounts;
  private final Circles circles;
  private final HttpPort http;
  private final Optional<EmbeddedRelay> embeddedRelay;

  /**
   * @throws StartFailed if something it needs is not to be had; nothing is left running then
   */
  public static Server start(Settings settings, InstantSource clock) throws StartFailed {
    return new Server(settings, clock);
  }

  private Server(Settings settings, InstantSource clock) throws StartFailed {
    this.settings = settings;
    Startup startup = new Startup(settings, clock);
    boolean complete = false;
    try {
      DataDirectory data = starting(startup.data());
      Database database = starting(startup.database(data));
      Metrics metrics = starting(new Metrics(settings.metrics()));
      Optional<Certificate> certificate = startup.certificate(data);

      List<String> turnSecrets = startup.turnSecrets(data);
      this.embeddedRelay = startup.embeddedRelay(turnSecrets);
      embeddedRelay.ifPresent(this::starting);
      Relay relay = new Relay(relayUrls(embeddedRelay), turnSecrets.getFirst(), clock);

      String jwtSecret = startup.secret(settings.jwtSecret(), data, "jwt-secret");
      AccessTokens tokens =
          new AccessTokens(jwtSecret, settings.issuer().map(IssuerKeys::new), clock);
      Identities identities = new Identities(tokens, database, clock);
      SignedIn signedIn = new SignedIn(identities);

      CircleDirectory directory = new CircleDirectory(database, identities::user);
      ConnectedDevices devices = new ConnectedDevices(relay);
      Calls calls = starting(new Calls(callSettings(), directory, devices, database, clock));
      Presence presence = new Presence(devices, calls);
      SocketIoServer socketIo = socketIo();
      ClientAddresses addresses = new ClientAddresses(settings.trustedProxies());
      Signaling signaling =
          starting(
              new Signaling(
                  socketIo,
                  identities::identify,
                  devices,
                  calls,
                  presence,
                  directory,
                  addresses::base,
                  clock));

      this.circles =
          new Circles(
              database, user -> presence.of(user).wire(), new CircleNews(calls, signaling), clock);
      Invites invites = new Invites(database, circles, clock);
      this.accounts =
          new Accounts(
              database,
              tokens,
              invites,
              circles::leaveAll,
              devices,
              settings.registration(),
              clock);

      List<Route> routes = new ArrayList<>();
      routes.addAll(new AuthRoutes(accounts, signedIn).routes());
      routes.addAll(
          new CircleRoutes(circles, invites, signedIn, settings.publicUrl(), clock).routes());
      routes.addAll(new RelayRoutes(relay, signedIn).routes());
      CallHistory history = new CallHistory(database);
      HistoryNews news = starting(new HistoryNews(history, signaling::historyChanged));
      CallMeters meters = new CallMeters(metrics.registry());
      calls.onEnded(
          call -> {
            meters.ended(call);
            news.ended(call);
          });
      routes.addAll(
          new HistoryRoutes(history, identities::user, signedIn, news::changed, clock).routes());
      routes.add(new Health(checks(database, embeddedRelay), Version.current(), clock).route());
      routes.add(metrics.route());
      routes.add(Route.get("/api/config", request -> Answer.json(config())));

      Vertx vertx = startup.vertx();
      starting(() -> vertx.close().toCompletionStage().toCompletableFuture().join());
      HttpPort.Parts parts =
          new HttpPort.Parts(
              VertxSocketIo.create(vertx, socketIo),
              socketIo.limits(),
              new Api(routes, clock),
              new WebApp(webDir()),
              new TlsForCameras(certificate.isPresent()),
              addresses,
              new ConnectionLimit(
                  CONNECTIONS_PER_ADDRESS,
                  peer -> peer.isLoopbackAddress() || addresses.isTrusted(peer)),
              new Cors(settings.allowedOrigins()),
              new SecurityHeaders(settings.tls() instanceof Tls.Files),
              metrics,
              clock);
      this.http = starting(startup.http(vertx, certificate, embeddedRelay, parts));
      embeddedRelay.ifPresent(running -> running.sharesPort(http.port()));
      starting(() -> sendClientsAway(signaling, socketIo));

      count(metrics.registry(), calls, devices, socketIo);
      embeddedRelay.ifPresent(running -> running.countIn(metrics.registry()));
      vertx.setPeriodic(TIDY_MILLIS, timer -> Thread.startVirtualThread(accounts::tidy));
      complete = true;
      log.info("Kith {} listens on {}:{}", Version.current(), settings.host(), http.port());
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

  /** From now on SIGTERM lets relayed calls end first, for as long as the settings say. */
  public void drainOnTerminate() {
    Settings.Turn turn = settings.turn();
    embeddedRelay.ifPresent(relay -> relay.drainOnTerminate(turn.drain(), turn.drainAllocations()));
  }

  private record Config(String registration, String version) {}

  private Config config() {
    return new Config(settings.registration().name().toLowerCase(Locale.ROOT), Version.current());
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

  private SocketIoServer socketIo() {
    return SocketIoServer.builder()
        .limits(Signaling.limits())
        .allowedOrigins(settings.allowedOrigins().toArray(String[]::new))
        .build();
  }

  private static Map<String, Supplier<Optional<String>>> checks(
      Database database, Optional<EmbeddedRelay> relay) {
    Map<String, Supplier<Optional<String>>> checks = new LinkedHashMap<>();
    checks.put(
        "database", () -> database.isHealthy() ? Optional.empty() : Optional.of("does not answer"));
    relay.ifPresent(running -> checks.put("relay", running::problem));
    return checks;
  }

  private RelayUrls relayUrls(Optional<EmbeddedRelay> embedded) {
    Settings.Turn turn = settings.turn();
    Optional<InetAddress> external = turn.externalIps().stream().map(ExternalIp::told).findFirst();
    return embedded
        .map(relay -> relay.urls(new RelayAddress(external, settings.publicUrl()), onHttpPort()))
        .orElse(RelayUrls.external(turn.urls()));
  }

  /** Others' certificates, and what a proxy lets through, are no good to a relay's clients. */
  private OnHttpPort onHttpPort() {
    if (!settings.trustedProxies().isEmpty()) {
      return OnHttpPort.NOTHING;
    }
    return switch (settings.tls()) {
      case Tls.Off off -> OnHttpPort.NOTHING;
      case Tls.SelfSigned made -> OnHttpPort.TCP;
      case Tls.Files(Path certificate, Path key) -> OnHttpPort.TCP_AND_TLS;
    };
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

  private <T extends AutoCloseable> T starting(T part) {
    started.push(part);
    return part;
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
