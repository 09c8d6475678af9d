package kith.relay;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.ChannelHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import kith.settings.Settings.Turn;
import kith.turn.Limits;
import kith.turn.Transport;
import kith.turn.TurnEvent;
import kith.turn.net.TlsOptions;
import kith.turn.net.TurnOptions;
import kith.turn.net.TurnServer;
import kith.turn.net.TurnStats;
import kith.turn.net.TurnStats.Relayed;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The STUN and TURN server in this process. */
public final class EmbeddedRelay implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EmbeddedRelay.class);
  private static final String REALM = "kith";

  /**
   * Of one allocation, both directions together: 20 Mbit/s. A call in 720p with a shared screen
   * takes some 5 Mbit/s each way; more is no call.
   */
  static final long BYTES_PER_SECOND = 20_000_000 / 8;

  private final TurnServer server;
  private final InetSocketAddress ownAddress;
  private final Optional<Integer> tlsPort;

  /** PEM files for TURN over TLS. */
  public record Certificate(Path chain, Path key) {}

  /**
   * Starts it.
   *
   * @param host to listen on; 0.0.0.0 for every address of the machine
   * @param certificate one that clients trust, if there is one
   * @throws IOException if a port is not to be had
   */
  public EmbeddedRelay(
      InetAddress host, Turn settings, String secret, Optional<Certificate> certificate)
      throws IOException {
    TurnOptions options =
        TurnOptions.defaults()
            .withPort(settings.port())
            .withRealm(REALM)
            .withSecrets(secret)
            .withLimits(limits())
            // Calls relay datagrams; TCP to anywhere would only serve who abuses the relay.
            .withTcpRelays(false)
            .withEvents(EmbeddedRelay::log)
            .withRelayPorts(settings.relayPorts().first(), settings.relayPorts().last());
    if (!host.isAnyLocalAddress()) {
      options = options.withListen(host);
    }
    if (settings.externalIp().isPresent()) {
      options = options.withExternalAddress(settings.externalIp().get());
    }
    if (certificate.isPresent()) {
      options =
          options.withTls(
              new TlsOptions(
                  settings.tlsPort(), certificate.get().chain(), certificate.get().key()));
    }
    this.server = TurnServer.start(options);
    this.ownAddress =
        new InetSocketAddress(
            host.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : host, server.port());
    this.tlsPort = certificate.map(given -> settings.tlsPort());
  }

  /** Without addresses: logs name people by id, and say nothing of where they are. */
  private static void log(TurnEvent event) {
    switch (event) {
      case TurnEvent.Allocated made ->
          log.debug(
              "Allocation {} of user {} over {}", made.allocation(), made.user(), made.transport());
      case TurnEvent.Released gone ->
          log.debug(
              "Allocation {} ended ({}) after {} s: {} bytes from the client, {} to it",
              gone.allocation(),
              gone.reason(),
              gone.seconds(),
              gone.bytesFromClient(),
              gone.bytesToClient());
    }
  }

  private static Limits limits() {
    Limits standard = Limits.standard();
    return new Limits(
        standard.allocations(),
        standard.allocationsPerUser(),
        standard.permissions(),
        standard.channels(),
        BYTES_PER_SECOND,
        standard.bytesPerSecondInAll(),
        standard.refusalsPerSecond());
  }

  /**
   * @param sharesHttps whether clients may be sent to the HTTPS port
   */
  public RelayUrls urls(RelayAddress address, boolean sharesHttps) {
    return RelayUrls.embedded(address, server.port(), tlsPort, sharesHttps);
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
    return server.problem().or(this::silence);
  }

  /** What one of its threads answers says little of the others. */
  private Optional<String> silence() {
    return StunProbe.answers(ownAddress)
        ? Optional.empty()
        : Optional.of("does not answer on UDP port " + server.port());
  }

  public void countIn(MeterRegistry registry) {
    gauge(registry, "kith.turn.allocations", TurnStats::allocations);
    gauge(registry, "kith.turn.connections", TurnStats::connections);
    counter(registry, "kith.turn.allocations.made", TurnStats::allocationsTotal);
    counter(registry, "kith.turn.bindings", TurnStats::bindings);
    counter(registry, "kith.turn.send.errors", TurnStats::sendErrors);
    for (String reason : TurnStats.refusalReasons()) {
      byReason(registry, "kith.turn.refusals", reason, TurnStats::refusals);
    }
    for (String reason : TurnStats.dropReasons()) {
      byReason(registry, "kith.turn.drops", reason, TurnStats::drops);
    }
    for (Transport transport : Transport.values()) {
      byTransport(
          registry,
          "allocations.by.transport",
          transport,
          stats -> stats.allocationsByTransport().getOrDefault(transport, 0L));
      relayed(registry, "packets.from.clients", transport, Relayed::packetsFromClients);
      relayed(registry, "bytes.from.clients", transport, Relayed::bytesFromClients);
      relayed(registry, "packets.to.clients", transport, Relayed::packetsToClients);
      relayed(registry, "bytes.to.clients", transport, Relayed::bytesToClients);
    }
  }

  private void relayed(
      MeterRegistry registry, String name, Transport transport, ToDoubleFunction<Relayed> read) {
    byTransport(
        registry,
        name,
        transport,
        stats -> {
          Relayed relayed = stats.relayedByTransport().get(transport);
          return relayed == null ? 0 : read.applyAsDouble(relayed);
        });
  }

  private void byTransport(
      MeterRegistry registry, String name, Transport transport, ToDoubleFunction<TurnStats> read) {
    FunctionCounter.builder("kith.turn." + name, server, turn -> read.applyAsDouble(turn.stats()))
        .tag("transport", transport.name().toLowerCase(Locale.ROOT))
        .register(registry);
  }

  private void byReason(
      MeterRegistry registry,
      String name,
      String reason,
      Function<TurnStats, Map<String, Long>> read) {
    FunctionCounter.builder(name, server, turn -> read.apply(turn.stats()).getOrDefault(reason, 0L))
        .tag("reason", reason)
        .register(registry);
  }

  private void gauge(MeterRegistry registry, String name, ToDoubleFunction<TurnStats> read) {
    Gauge.builder(name, server, turn -> read.applyAsDouble(turn.stats())).register(registry);
  }

  private void counter(MeterRegistry registry, String name, ToDoubleFunction<TurnStats> read) {
    FunctionCounter.builder(name, server, turn -> read.applyAsDouble(turn.stats()))
        .register(registry);
  }

  @Override
  public void close() {
    server.close();
  }
}
