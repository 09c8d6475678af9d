package kith.relay;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.ChannelHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import kith.settings.Settings.Turn;
import kith.turn.Limits;
import kith.turn.TurnEvent;
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

  /**
   * Less is ICE's checks and a few keep-alives: most allocations are made in case a call needs one,
   * and carry no more.
   */
  private static final long MEDIA_BYTES = 100_000;

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
    return StunProbe.answers(ownAddress)
        ? Optional.empty()
        : Optional.of("does not answer on UDP port " + server.port());
  }

  public void countIn(MeterRegistry registry) {
    new RelayMeters(server, registry).register();
  }

  @Override
  public void close() {
    server.close();
  }
}
