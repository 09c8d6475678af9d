package kith.turn.net;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import kith.turn.Discovery;
import kith.turn.InProcessPeer;
import kith.turn.Listener;
import kith.turn.Relay;
import kith.turn.Transport;
import kith.turn.TurnCore;
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
  private static final Duration DRAIN_LOOK = Duration.ofMillis(50);

  private final SecureRandom random = new SecureRandom();
  private final TurnShared shared;
  private final ConnectionLimit connections;
  private final Handshakes handshakes = new Handshakes();
  private final List<Loop> loops = new ArrayList<>();
  private final Sites sites;
  private final Map<Loop, Map<TransportAddress, Listener>> listeners = new HashMap<>();
  private final @Nullable Tls tls;
  private final ListeningPorts ports;
  // Only Linux spreads the clients of one port over several sockets by their address.
  private final boolean spreads = System.getProperty("os.name", "").startsWith("Linux");
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
    server.follower = Follower.start(server::serve, server.sites, followed, tls);
    LOG.log(Level.DEBUG, "STUN and TURN on ports " + ports.plain() + " of " + ports.addresses());
    return server;
  }

  private TurnServer(TurnOptions options, @Nullable Tls tls, ListeningPorts ports) {
    this.tls = tls;
    this.ports = ports;
    this.connections = new ConnectionLimit(options.connections(), options.connectionsPerAddress());
    this.shared = new TurnShared(options.settings(), random);
    this.sites = new Sites(options, shared.own(), Networks.OF_THIS_MACHINE);
  }

  private void makeLoops(TurnOptions options) throws IOException {
    Clock clock = new Clock();
    int wanted = options.loops() > 0 ? options.loops() : Runtime.getRuntime().availableProcessors();
    EngineKind engine = options.engine().resolved();
    LOG.log(Level.INFO, "datagrams are moved by " + engine.option());
    for (int i = 0; i < (spreads ? wanted : 1); i++) {
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
      discover(addresses);
    }
    loops.forEach(Loop::start);
  }

  /** A socket that is bound, and how its loop begins to serve at it. */
  private record Bound(AutoCloseable socket, Runnable handOver) {}

  /**
   * Serves at these addresses from now on: every loop gets sockets of its own there. Where one
   * cannot be listened on, the others are nevertheless.
   *
   * @throws IOException why the first that could not be listened on could not
   */
  void serve(List<InetAddress> addresses) throws IOException {
    List<InetAddress> served = new ArrayList<>();
    List<Bound> sockets = new ArrayList<>();
    IOException failure = null;
    for (InetAddress address : addresses) {
      try {
        sockets.addAll(bind(address));
        served.add(address);
      } catch (IOException e) {
        failure = failure == null ? e : failure;
      } catch (RuntimeException e) {
        close(sockets);
        throw e;
      }
    }
    serve(served, sockets);
    if (failure != null) {
      throw failure;
    }
  }

  private void serve(List<InetAddress> addresses, List<Bound> sockets) throws IOException {
    try {
      sites.add(addresses);
    } catch (IOException | RuntimeException e) {
      close(sockets);
      throw e;
    }
    sockets.forEach(bound -> bound.handOver().run());
  }

  private List<Bound> bind(InetAddress address) throws IOException {
    List<Bound> sockets = new ArrayList<>();
    try {
      for (Loop loop : loops) {
        for (int port : ports.plain()) {
          bind(loop, TransportAddress.of(address, port), ports.hasTcp(port), sockets);
        }
        if (tls != null) {
          bindTls(loop, TransportAddress.of(address, ports.tls()), sockets);
        }
      }
      return sockets;
    } catch (IOException | RuntimeException e) {
      close(sockets);
      throw e;
    }
  }

  private void bind(Loop loop, TransportAddress local, boolean overTcp, List<Bound> sockets)
      throws IOException {
    if (loop.servesDatagrams()) {
      Port udp = loop.engine().bind(local, spreads);
      sockets.add(new Bound(udp::close, () -> receive(loop, local, udp)));
    }
    if (loop.servesStreams() && overTcp) {
      ServerSocketChannel tcp = Streams.bind(local.socketAddress(), spreads);
      sockets.add(new Bound(tcp, () -> accept(loop, Transport.TCP, local, tcp)));
    }
  }

  private void bindTls(Loop loop, TransportAddress local, List<Bound> sockets) throws IOException {
    if (loop.servesStreams()) {
      ServerSocketChannel overTls = Streams.bind(local.socketAddress(), spreads);
      sockets.add(new Bound(overTls, () -> accept(loop, Transport.TLS, local, overTls)));
    }
  }

  private static void close(List<Bound> sockets) {
    sockets.forEach(bound -> NioEngine.closeQuietly(bound.socket()));
  }

  private void accept(
      Loop loop, Transport transport, TransportAddress local, ServerSocketChannel channel) {
    Listener listener = sites.listener(transport, local);
    Tls secured = transport == Transport.TLS ? tls : null;
    if (!loop.execute(() -> loop.accept(channel, listener, secured))) {
      NioEngine.closeQuietly(channel);
    }
  }

  /** Has the loop receive at this address; the listener is for others to ask for. */
  private Listener receive(Loop loop, TransportAddress local, Port udp) {
    Listener listener = sites.listener(Transport.UDP, local);
    if (!loop.execute(() -> loop.receive(udp, listener))) {
      udp.close();
    }
    listeners.computeIfAbsent(loop, own -> new HashMap<>()).put(local, listener);
    return listener;
  }

  /**
   * Opens the second port at the first two addresses of each family, and ties the four together in
   * every loop.
   */
  private void discover(List<InetAddress> addresses) throws IOException {
    for (AddressFamily family : AddressFamily.values()) {
      List<TransportAddress> two =
          addresses.stream()
              .map(address -> TransportAddress.of(address, port()))
              .filter(address -> address.family() == family)
              .limit(2)
              .toList();
      if (two.size() == 2) {
        for (Map.Entry<Loop, Map<TransportAddress, Listener>> own : listeners.entrySet()) {
          discover(own.getKey(), own.getValue(), two.getFirst(), two.getLast());
        }
      }
    }
  }

  private void discover(
      Loop loop, Map<TransportAddress, Listener> own, TransportAddress one, TransportAddress two)
      throws IOException {
    Listener first = Objects.requireNonNull(own.get(one));
    Listener second = Objects.requireNonNull(own.get(two));
    Listener firstOther = receive(loop, one.withPort(ports.discovery()));
    Listener secondOther = receive(loop, two.withPort(ports.discovery()));
    loop.execute(() -> Discovery.among(first, firstOther, second, secondOther));
  }

  private Listener receive(Loop loop, TransportAddress local) throws IOException {
    return receive(loop, local, loop.engine().bind(local, spreads));
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
