package kith.relay;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import kith.settings.Settings.Turn;
import kith.turn.Limits;
import kith.turn.net.TlsOptions;
import kith.turn.net.TurnOptions;
import kith.turn.net.TurnServer;
import kith.turn.net.TurnStats;

/** The STUN and TURN server in this process. */
public final class EmbeddedRelay implements AutoCloseable {
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

  public RelayUrls urls(RelayAddress address) {
    return RelayUrls.embedded(address, server.port(), tlsPort);
  }

  public int port() {
    return server.port();
  }

  /** What is wrong with it, if anything is. Blocks for a second at most. */
  public Optional<String> problem() {
    return StunProbe.answers(ownAddress)
        ? Optional.empty()
        : Optional.of("does not answer on UDP port " + server.port());
  }

  public void countIn(MeterRegistry registry) {
    gauge(registry, "kith.turn.allocations", TurnStats::allocations);
    gauge(registry, "kith.turn.connections", TurnStats::connections);
    counter(registry, "kith.turn.allocations.made", TurnStats::allocationsTotal);
    counter(registry, "kith.turn.bindings", TurnStats::bindings);
    counter(registry, "kith.turn.bytes.from.clients", TurnStats::bytesFromClients);
    counter(registry, "kith.turn.bytes.to.clients", TurnStats::bytesToClients);
    counter(registry, "kith.turn.send.errors", TurnStats::sendErrors);
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
