package kith.relay;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.ChannelHandler;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import kith.relay.RelayUrls.OnHttpPort;
import kith.settings.AddressRange;
import kith.settings.ExternalIp;
import kith.settings.Settings.Turn;
import kith.settings.Settings.TurnLimits;
import kith.turn.Limits;
import kith.turn.TurnEvent;
import kith.turn.net.EngineKind;
import kith.turn.net.EngineUnusable;
import kith.turn.net.GracefulStop;
import kith.turn.net.TlsOptions;
import kith.turn.net.TurnOptions;
import kith.turn.net.TurnServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** The STUN and TURN server in this process. */
public final class EmbeddedRelay implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EmbeddedRelay.class);
  private static final String REALM = "kith";
  private static final InetAddress LOOPBACK4 = InetAddress.ofLiteral("127.0.0.1");
  private static final InetAddress LOOPBACK6 = InetAddress.ofLiteral("::1");

  /**
   * Less is ICE's checks and a few keep-alives: most allocations are made in case a call needs one,
   * and carry no more.
   */
  private static final long MEDIA_BYTES = 100_000;

  private static final long BYTES_OF_MBIT = 1_000_000 / 8;

  private final TurnServer server;
  private final InetSocketAddress ownAddress;
  private final Set<Integer> udpOnly;
  private final Optional<Integer> tlsPort;

  /** PEM files for TURN over TLS. */
  public record Certificate(Path chain, Path key) {}

  /** The engine that the settings name does not work on this machine. */
  public static final class WrongEngine extends Exception {
    private WrongEngine(EngineUnusable why) {
      super(why.getMessage(), why);
    }
  }

  /**
   * Starts it.
   *
   * @param secrets behind credentials: all are accepted
   * @param certificate one that clients trust, if there is one
   * @throws IOException if a port is not to be had
   */
  public EmbeddedRelay(Turn settings, List<String> secrets, Optional<Certificate> certificate)
      throws IOException, WrongEngine {
    try {
      this.server = TurnServer.start(options(settings, secrets, certificate));
    } catch (EngineUnusable unusable) {
      throw new WrongEngine(unusable);
    }
    this.ownAddress = new InetSocketAddress(oneOf(settings.hosts()), server.port());
    this.udpOnly = settings.ports().udpOnly();
    this.tlsPort = server.tlsPort().stream().boxed().findFirst();
  }

  private static TurnOptions options(
      Turn settings, List<String> secrets, Optional<Certificate> certificate) {
    List<Integer> ports = settings.ports().all();
    int[] further = ports.stream().skip(1).mapToInt(Integer::intValue).toArray();
    TurnOptions options =
        TurnOptions.defaults()
            .withListen(settings.hosts().toArray(InetAddress[]::new))
            .withPort(ports.getFirst(), further)
            .withUdpOnly(settings.ports().udpOnly())
            .withRealm(REALM)
            .withSecrets(secrets.toArray(String[]::new))
            .withEngine(EngineKind.valueOf(settings.engine().toUpperCase(Locale.ROOT)))
            .withLimits(limits(settings.limits()))
            .allowing(texts(settings.peers().allowed()))
            .denying(texts(settings.peers().denied()))
            .withProxies(texts(settings.proxies()))
            // Calls relay datagrams; TCP to anywhere would only serve who abuses the relay.
            .withTcpRelays(false)
            .withEvents(EmbeddedRelay::log)
            .withRelayPorts(settings.relayPorts().first(), settings.relayPorts().last());
    for (ExternalIp external : settings.externalIps()) {
      options =
          external.behind().isPresent()
              ? options.withExternalAddress(external.behind().get(), external.told())
              : options.withExternalAddress(external.told());
    }
    if (certificate.isPresent()) {
      options =
          options.withTls(
              new TlsOptions(
                  settings.tlsPort(), certificate.get().chain(), certificate.get().key()));
    }
    return options;
  }

  private static Limits limits(TurnLimits settings) {
    return Limits.standard()
        .withAllocations(settings.allocations(), settings.allocationsPerUser())
        .withBandwidth(
            settings.mbitPerAllocation() * BYTES_OF_MBIT, settings.mbitInAll() * BYTES_OF_MBIT);
  }

  private static String[] texts(List<AddressRange> ranges) {
    return ranges.stream().map(AddressRange::text).toArray(String[]::new);
  }

  /** An address by which this machine itself reaches the relay. */
  private static InetAddress oneOf(List<InetAddress> hosts) {
    if (hosts.isEmpty()) {
      return LOOPBACK4;
    }
    InetAddress first = hosts.getFirst();
    if (first.isAnyLocalAddress()) {
      return first instanceof Inet6Address ? LOOPBACK6 : LOOPBACK4;
    }
    return first;
  }

  /**
   * Without addresses: logs name people by id, and say nothing of where they are. An operator reads
   * of what was relayed, once it is over; of the rest only when debugging.
   */
  static void log(TurnEvent event) {
    switch (event) {
      case TurnEvent.Allocated made ->
          log.debug(
              "Allocation {} of user {} over {}", made.allocation(), made.user(), made.transport());
      case TurnEvent.Released gone -> {
        boolean media = gone.bytesFromClient() + gone.bytesToClient() >= MEDIA_BYTES;
        log.atLevel(media ? Level.INFO : Level.DEBUG)
            .log(
                "Allocation {} of user {} over {} ended ({}) after {} s:"
                    + " {} packets, {} bytes from the client, {} packets, {} bytes to it",
                gone.allocation(),
                gone.user(),
                gone.transport(),
                gone.reason(),
                gone.seconds(),
                gone.packetsFromClient(),
                gone.bytesFromClient(),
                gone.packetsToClient(),
                gone.bytesToClient());
      }
    }
  }

  /**
   * @param onHttpPort what clients may be sent to the HTTP port for
   */
  public RelayUrls urls(RelayAddress address, OnHttpPort onHttpPort) {
    List<Integer> overTcp =
        server.ports().stream()
            .filter(port -> onHttpPort != OnHttpPort.NOTHING || !udpOnly.contains(port))
            .toList();
    return RelayUrls.embedded(
        address,
        new RelayUrls.Ports(server.ports(), overTcp, tlsPort),
        onHttpPort == OnHttpPort.TCP_AND_TLS);
  }

  /** Takes those connections of the HTTPS port that are TURN's: one for each connection. */
  public ChannelHandler beforeHttp() {
    return new SharedPort(server);
  }

  /** Relays must not lead back to this port of the same process. */
  public void sharesPort(int port) {
    server.sharesPort(port);
  }

  public int port() {
    return server.port();
  }

  /** What is wrong with it, if anything is. Blocks for a second at most. */
  public Optional<String> problem() {
    if (server.isDraining()) {
      return Optional.of("is draining: " + server.stats().allocations() + " allocations are left");
    }
    return server.problem().or(this::silence);
  }

  /** What one of its threads answers says little of the others. */
  private Optional<String> silence() {
    return StunProbe.answers(ownAddress)
        ? Optional.empty()
        : Optional.of("does not answer on UDP port " + server.port());
  }

  /**
   * From now on SIGTERM lets relayed calls end before the process does: no new allocation is made,
   * and those that are live have so long. All else goes on meanwhile.
   *
   * @param left how many are not waited for
   */
  public void drainOnTerminate(Duration patience, int left) {
    if (patience.isPositive()) {
      GracefulStop.onTerminate(server, patience, left);
    }
  }

  public void countIn(MeterRegistry registry) {
    new RelayMeters(server, registry).register();
  }

  @Override
  public void close() {
    server.close();
  }
}
