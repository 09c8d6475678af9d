package kith.turn.net;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import kith.turn.InProcessPeer;
import kith.turn.Listener;
import kith.turn.Relay;
import kith.turn.Transport;
import kith.turn.TurnCore;
import kith.turn.TurnShared;
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
  private static final Duration DRAIN_LOOK = Duration.ofMillis(50);

  private final SecureRandom random = new SecureRandom();
  private final TurnShared shared;
  private final ConnectionLimit connections;
  private final Handshakes handshakes = Handshakes.onEachCore();
  private final List<Loop> loops = new ArrayList<>();
  private final Sites sites;
  private final ListeningSockets sockets;
  private final ListeningPorts ports;
  private final AtomicInteger adopted = new AtomicInteger();
  private @Nullable Follower follower;

  /**
   * Binds UDP and TCP, and TLS where it is asked for, and starts to serve.
   *
   * @throws IOException naming the address and port that could not be had, or what is wrong with
   *     the certificate
   */
  public static TurnServer start(TurnOptions options) throws IOException {
    Tls tls = options.tls().isPresent() ? new Tls(options.tls().get()) : null;
    ListeningPorts ports = ListeningPorts.of(options);
    TurnServer server = new TurnServer(options, tls, ports);
    try {
      server.makeLoops(options);
      server.open(ports.addresses());
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
    boolean followed = Interfaces.areFollowed(options.listen());
    server.follower = Follower.start(server.sockets, server.sites, followed, tls);
    LOG.log(Level.DEBUG, "STUN and TURN on ports " + ports.plain() + " of " + ports.addresses());
    return server;
  }

  private TurnServer(TurnOptions options, @Nullable Tls tls, ListeningPorts ports) {
    this.ports = ports;
    this.connections = new ConnectionLimit(options.connections(), options.connectionsPerAddress());
    this.shared = new TurnShared(options.settings(), random);
    this.sites = new Sites(options, shared.own(), Networks.OF_THIS_MACHINE);
    this.sockets = new ListeningSockets(loops, ports, sites, tls);
  }

  private void makeLoops(TurnOptions options) throws IOException {
    Clock clock = new Clock();
    int wanted = options.loops() > 0 ? options.loops() : Runtime.getRuntime().availableProcessors();
    EngineKind engine = options.engine().resolved();
    LOG.log(Level.INFO, "datagrams are moved by " + engine.option());
    for (int i = 0; i < (ListeningSockets.SPREAD ? wanted : 1); i++) {
      NioEngine nio = new NioEngine();
      Streams streams = new Streams(nio.selector(), connections, handshakes, options);
      boolean both = engine == EngineKind.NIO;
      loops.add(
          new Loop("turn-" + i, shared, random, clock, nio, both, streams, options, this::loopOf));
      if (!both) {
        loops.add(
            new Loop(
                "turn-udp-" + i,
                shared,
                random,
                clock,
                engine.open(),
                true,
                null,
                options,
                this::loopOf));
      }
    }
  }

  private Loop loopOf(TurnCore core) {
    for (int i = 0; i < loops.size(); i++) {
      if (loops.get(i).core() == core) {
        return loops.get(i);
      }
    }
    throw new IllegalStateException("a core of another server");
  }

  private void open(List<InetAddress> addresses) throws IOException {
    shared.own().listensOn(ports.all());
    sites.check();
    serve(addresses);
    if (ports.discovery() != 0) {
      sockets.discover(addresses);
    }
    loops.forEach(Loop::start);
  }

  /** As {@link ListeningSockets#serve}. */
  void serve(List<InetAddress> addresses) throws IOException {
    sockets.serve(addresses);
  }

  /** As {@link ListeningSockets#giveUp}. */
  List<InetAddress> giveUp(List<InetAddress> gone) {
    return sockets.giveUp(gone);
  }

  /**
   * Serves a client over a stream that something else accepted, and perhaps decrypted: TURN over
   * TLS on the port of a web server, say. What was read already is the first that the stream is
   * told of.
   *
   * @param transport what the client speaks: {@link Transport#TCP} or {@link Transport#TLS}
   * @return empty when there are too many connections, in all or from there, or nobody serves any
   *     more: close it
   */
  public Optional<AdoptedStream> adopt(
      Transport transport, InetSocketAddress client, InetSocketAddress local, Carrier carrier) {
    if (!transport.isStream()) {
      throw new IllegalArgumentException("datagrams are no stream");
    }
    List<Loop> takers =
        loops.stream().filter(one -> one.servesStreams() && !one.hasDied()).toList();
    if (takers.isEmpty()) {
      return Optional.empty();
    }
    Loop loop = takers.get(Math.floorMod(adopted.getAndIncrement(), takers.size()));
    AdoptedStream stream = new AdoptedStream(carrier);
    Listener listener = sites.listener(transport, TransportAddress.of(local));
    TransportAddress from = TransportAddress.of(client);
    // Last of what may fail: a place that is taken is given back by the loop, if that takes it in.
    if (!connections.take(client.getAddress())) {
      return Optional.empty();
    }
    if (!loop.adopt(stream, listener, from)) {
      connections.give(client.getAddress());
      return Optional.empty();
    }
    return Optional.of(stream);
  }

  /** A port of this process that relays must not be led back to, whatever ranges are allowed. */
  public void sharesPort(int other) {
    shared.own().listensOn(Set.of(other));
  }

  /**
   * Makes a service of this process a peer that needs no socket: relays reach it at this address
   * whatever the peer policy says of it, and nothing else of that host.
   *
   * @throws IllegalArgumentException if another service has the address
   */
  public InProcessPort register(InetSocketAddress address, InProcessPeer peer) {
    TransportAddress at = TransportAddress.of(address);
    shared.own().add(at, peer);
    return new InProcessPort(this, at);
  }

  void unregister(TransportAddress address) {
    shared.own().removeInProcessPeer(address);
  }

  boolean fromService(TransportAddress from, TransportAddress relayed, ByteBuffer packet) {
    Relay relay = shared.relay(relayed);
    TurnCore home = relay == null ? null : relay.home();
    return relay != null && home != null && loopOf(home).fromService(relay, from, packet);
  }

  /** The second port, if NAT behaviour discovery is served. */
  public OptionalInt discoveryPort() {
    return optional(ports.discovery());
  }

  private static OptionalInt optional(int port) {
    return port == 0 ? OptionalInt.empty() : OptionalInt.of(port);
  }

  /** The port of UDP and TCP, or of several the main one. */
  public int port() {
    return ports.main();
  }

  /** All of them, the main one first. */
  public List<Integer> ports() {
    return ports.plain();
  }

  /** The port of TLS, if it is served. */
  public OptionalInt tlsPort() {
    return optional(ports.tls());
  }

  /**
   * What is wrong with it, if anything is: a part of its clients is not served any more, nor as
   * large a part of those that come over UDP from now on.
   */
  public Optional<String> problem() {
    List<String> died = loops.stream().filter(Loop::hasDied).map(Loop::name).toList();
    return died.isEmpty()
        ? Optional.empty()
        : Optional.of("has lost the threads " + died + ", and their clients: restart it");
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

  public boolean isDraining() {
    return shared.isDraining();
  }

  /** Whether it drains, and the last allocation is gone. */
  public boolean isDrained() {
    return shared.isDrainedTo(0);
  }

  /**
   * Drains, and waits until the last allocation is gone, but no longer than that.
   *
   * @return whether it is gone
   */
  public boolean drain(Duration patience) throws InterruptedException {
    return drain(patience, 0);
  }

  /**
   * Drains, and waits until no more than so many allocations are left, but no longer than that.
   *
   * @return whether it came to that
   */
  public boolean drain(Duration patience, int left) throws InterruptedException {
    drain();
    long end = System.nanoTime() + patience.toNanos();
    while (!shared.isDrainedTo(left) && System.nanoTime() - end < 0) {
      Thread.sleep(DRAIN_LOOK);
    }
    return shared.isDrainedTo(left);
  }

  /** Ends every allocation and closes every socket. */
  @Override
  public void close() {
    if (follower != null) {
      follower.stop();
    }
    loops.forEach(Loop::stop);
    handshakes.close();
  }
}
