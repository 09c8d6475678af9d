package kith.turn.net;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.nio.channels.ServerSocketChannel;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kith.turn.Listener;
import kith.turn.RelayHost;
import kith.turn.Transport;
import kith.turn.TurnSettings;
import kith.turn.TurnShared;
import kith.turn.net.DatagramEngine.Port;
import kith.turn.stun.AddressFamily;
import kith.turn.stun.TransportAddress;
import org.jspecify.annotations.Nullable;

/**
 * A STUN and TURN server on real sockets.
 *
 * <pre>{@code
 * try (var server = TurnServer.start(TurnOptions.defaults().withSecrets(secret))) {
 *   ...
 * }
 * }</pre>
 */
public final class TurnServer implements AutoCloseable {
  private static final Logger LOG = System.getLogger("kith.turn");
  private static final long FOLLOW_EVERY = 5_000;

  private final TurnOptions options;
  private final TurnShared shared;
  private final ConnectionLimit connections;
  private final List<Loop> loops = new ArrayList<>();
  private final Map<Loop, Streams> streams = new LinkedHashMap<>();
  private final Map<InetAddress, RelayHost> hosts = new LinkedHashMap<>();
  private final int port;
  private final boolean sharded;
  private @Nullable Thread follower;

  /**
   * Binds UDP and TCP and starts to serve.
   *
   * @throws IOException naming the address and port that could not be had
   */
  public static TurnServer start(TurnOptions options) throws IOException {
    List<InetAddress> addresses = Interfaces.meantBy(options.listen());
    boolean followed = Interfaces.areFollowed(options.listen());
    Probe probe = Probe.of(addresses, options.port(), followed);
    TurnServer server = new TurnServer(options, probe.port());
    try {
      server.open(probe.addresses());
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
    if (followed) {
      server.follow();
    }
    LOG.log(
        Level.INFO,
        "STUN and TURN on port {0}: {1} loops, {2}",
        probe.port(),
        server.loops.size(),
        probe.addresses());
    return server;
  }

  private TurnServer(TurnOptions options, int port) throws IOException {
    this.options = options;
    this.port = port;
    this.connections = new ConnectionLimit(options.connections(), options.connectionsPerAddress());
    // Only Linux spreads the clients of one port over several sockets by their address.
    this.sharded = System.getProperty("os.name", "").startsWith("Linux");
    Clock clock = new Clock();
    SecureRandom random = new SecureRandom();
    TurnSettings settings =
        new TurnSettings(
            options.realm(),
            options.credentials(),
            options.peers(),
            options.lifetimes(),
            options.limits(),
            true);
    this.shared = new TurnShared(settings, random, clock.now());
    int wanted = options.loops() > 0 ? options.loops() : Runtime.getRuntime().availableProcessors();
    for (int i = 0; i < (sharded ? wanted : 1); i++) {
      NioEngine engine = new NioEngine();
      Streams own = new Streams(engine.selector(), connections);
      Loop loop = new Loop("turn-" + i, shared, random, clock, engine, own, options.events());
      own.attach(loop);
      loops.add(loop);
      streams.put(loop, own);
    }
  }

  private void open(List<InetAddress> addresses) throws IOException {
    shared.own().listensOn(Set.of(port));
    for (InetAddress address : Interfaces.addresses()) {
      shared.own().add(TransportAddress.of(address, 0));
    }
    addresses.forEach(this::addHost);
    for (InetAddress address : addresses) {
      listen(address);
    }
    loops.forEach(Loop::start);
  }

  private void addHost(InetAddress address) {
    InetAddress external = options.externalAddress().orElse(address);
    boolean mapped = external.getClass() == address.getClass() && !address.isLoopbackAddress();
    RelayHost host =
        new RelayHost(
            TransportAddress.of(address, 0),
            TransportAddress.of(mapped ? external : address, 0),
            options.firstRelayPort(),
            options.lastRelayPort());
    hosts.put(address, host);
    shared.own().add(host);
  }

  /** Every loop gets its own sockets on this address. */
  private void listen(InetAddress address) throws IOException {
    TransportAddress local = TransportAddress.of(address, port);
    for (Loop loop : loops) {
      Port udp = loop.engine().bind(local, sharded);
      ServerSocketChannel tcp = Streams.bind(local.socketAddress(), sharded);
      Listener overUdp = listener(Transport.UDP, local);
      Listener overTcp = listener(Transport.TCP, local);
      loop.execute(
          () -> {
            try {
              loop.engine().receive(udp, new Loop.Entrance(overUdp, udp));
              java.util.Objects.requireNonNull(streams.get(loop)).accept(tcp, overTcp);
            } catch (IOException e) {
              LOG.log(Level.ERROR, "cannot receive on " + local, e);
            }
          });
    }
  }

  private Listener listener(Transport transport, TransportAddress local) {
    InetAddress address = local.address();
    return new Listener(
        transport,
        local,
        hostFor(address, AddressFamily.IPV4),
        hostFor(address, AddressFamily.IPV6));
  }

  /**
   * What is relayed from for clients that came to this address: the address itself, and its like in
   * the other family.
   */
  private @Nullable RelayHost hostFor(InetAddress address, AddressFamily family) {
    if (TransportAddress.of(address, 0).family() == family) {
      return hosts.get(address);
    }
    for (Map.Entry<InetAddress, RelayHost> host : hosts.entrySet()) {
      boolean alike = host.getKey().isLoopbackAddress() == address.isLoopbackAddress();
      if (alike && TransportAddress.of(host.getKey(), 0).family() == family) {
        return host.getValue();
      }
    }
    return null;
  }

  /**
   * Listens on addresses that the machine gets later: a laptop changes its network more often than
   * its server restarts.
   */
  private void follow() {
    follower = Thread.ofPlatform().name("turn-follow").daemon(true).start(this::followInterfaces);
  }

  private void followInterfaces() {
    try {
      while (true) {
        Thread.sleep(FOLLOW_EVERY);
        Set<InetAddress> fresh = new LinkedHashSet<>(Interfaces.meantBy(options.listen()));
        fresh.removeAll(hosts.keySet());
        for (InetAddress address : fresh) {
          addHost(address);
          listen(address);
          LOG.log(Level.INFO, "listening on {0}, too", address);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      LOG.log(
          Level.WARNING,
          "new addresses of this machine are not followed any more: " + e.getMessage());
    }
  }

  /** The port that was bound. */
  public int port() {
    return port;
  }

  public TurnStats stats() {
    return TurnStats.of(loops.stream().map(Loop::counters).toList(), connections.total());
  }

  /**
   * From now on no new allocation is made; those that are live stay until they are released or
   * expire.
   */
  public void drain() {
    shared.drain();
  }

  /** Ends every allocation and closes every socket. */
  @Override
  public void close() {
    if (follower != null) {
      follower.interrupt();
    }
    loops.forEach(Loop::stop);
  }
}
