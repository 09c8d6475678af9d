package kith.turn.net;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import kith.turn.Discovery;
import kith.turn.Listener;
import kith.turn.Transport;
import kith.turn.net.DatagramEngine.Port;
import kith.turn.stun.AddressFamily;
import kith.turn.stun.TransportAddress;
import org.jspecify.annotations.Nullable;

/**
 * The sockets that clients come to: of every loop, at every address that is served, on every port.
 */
final class ListeningSockets implements Follower.Server {
  // Only Linux spreads the clients of one port over several sockets by their address.
  static final boolean SPREAD = System.getProperty("os.name", "").startsWith("Linux");

  private final List<Loop> loops;
  private final ListeningPorts ports;
  private final Sites sites;
  private final @Nullable Tls tls;
  private final Map<InetAddress, List<Open>> open = new LinkedHashMap<>();

  /** A socket that is bound, and how its loop begins to serve at it. */
  private record Bound(
      Loop loop,
      Transport transport,
      TransportAddress local,
      AutoCloseable socket,
      Consumer<Listener> serving) {}

  /** One that is served at. */
  private record Open(Bound bound, Listener listener) {}

  ListeningSockets(List<Loop> loops, ListeningPorts ports, Sites sites, @Nullable Tls tls) {
    this.loops = loops;
    this.ports = ports;
    this.sites = sites;
    this.tls = tls;
  }

  /**
   * Serves at these addresses from now on: every loop gets sockets of its own there. Where one
   * cannot be listened on, the others are nevertheless.
   *
   * @throws IOException why the first that could not be listened on could not
   */
  @Override
  public synchronized void serve(List<InetAddress> addresses) throws IOException {
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
    renew();
    sockets.forEach(this::serve);
  }

  /** The loop begins to serve at this socket; the listener is for others to ask for. */
  private Listener serve(Bound bound) {
    Listener listener = sites.listener(bound.transport(), bound.local());
    if (bound.loop().execute(() -> bound.serving().accept(listener))) {
      open.computeIfAbsent(bound.local().address(), address -> new ArrayList<>())
          .add(new Open(bound, listener));
    } else {
      NioEngine.closeQuietly(bound.socket());
    }
    return listener;
  }

  /** What is relayed from for those who come to one address depends on which others there are. */
  private void renew() {
    open.values().stream().flatMap(Collection::stream).map(Open::listener).forEach(sites::renew);
  }

  private List<Bound> bind(InetAddress address) throws IOException {
    List<Bound> sockets = new ArrayList<>();
    try {
      for (Loop loop : loops.stream().filter(one -> !one.hasDied()).toList()) {
        for (int port : ports.plain()) {
          bind(loop, TransportAddress.of(address, port), ports.hasTcp(port), sockets);
        }
        if (tls != null && loop.servesStreams()) {
          sockets.add(bind(loop, Transport.TLS, TransportAddress.of(address, ports.tls()), tls));
        }
      }
      return sockets;
    } catch (IOException | RuntimeException e) {
      close(sockets);
      throw e;
    }
  }

  private static void bind(Loop loop, TransportAddress local, boolean overTcp, List<Bound> sockets)
      throws IOException {
    if (loop.servesDatagrams()) {
      sockets.add(bind(loop, local));
    }
    if (loop.servesStreams() && overTcp) {
      sockets.add(bind(loop, Transport.TCP, local, null));
    }
  }

  private static Bound bind(Loop loop, TransportAddress local) throws IOException {
    Port udp = loop.engine().bind(local, SPREAD);
    return new Bound(
        loop, Transport.UDP, local, udp::close, listener -> loop.receive(udp, listener));
  }

  private static Bound bind(
      Loop loop, Transport transport, TransportAddress local, @Nullable Tls secured)
      throws IOException {
    ServerSocketChannel channel = Streams.bind(local.socketAddress(), SPREAD);
    return new Bound(
        loop, transport, local, channel, listener -> loop.accept(channel, listener, secured));
  }

  private static void close(List<Bound> sockets) {
    sockets.forEach(bound -> NioEngine.closeQuietly(bound.socket()));
  }

  // Addresses that are gone

  /**
   * Closes what listens at those of these addresses where nobody has an allocation; this machine
   * has them no longer.
   *
   * @return those that are not served at any more
   */
  @Override
  public synchronized List<InetAddress> giveUp(List<InetAddress> gone) {
    List<InetAddress> idle = gone.stream().filter(this::isIdle).toList();
    idle.forEach(sites::remove);
    renew();
    for (InetAddress address : idle) {
      List<Open> sockets = open.remove(address);
      if (sockets != null) {
        sockets.forEach(ListeningSockets::close);
      }
    }
    return idle;
  }

  /** The addresses of NAT behaviour discovery are tied together, and wait for their return. */
  private boolean isIdle(InetAddress address) {
    List<Open> sockets = open.getOrDefault(address, List.of());
    return !sites.isRelayedFrom(address)
        && sockets.stream()
            .map(Open::listener)
            .noneMatch(listener -> listener.isInUse() || listener.isOfDiscovery());
  }

  private static void close(Open one) {
    Loop loop = one.bound().loop();
    AutoCloseable socket = one.bound().socket();
    if (!loop.execute(() -> loop.leave(one.listener(), socket))) {
      NioEngine.closeQuietly(socket);
    }
  }

  // NAT behaviour discovery

  /**
   * Opens the second port at the first two addresses of each family, and ties the four together in
   * every loop.
   */
  synchronized void discover(List<InetAddress> addresses) throws IOException {
    for (AddressFamily family : AddressFamily.values()) {
      List<TransportAddress> two = two(addresses, family, false);
      if (two.size() < 2) {
        two = two(addresses, family, true);
      }
      if (two.size() == 2) {
        for (Loop loop : loops.stream().filter(Loop::servesDatagrams).toList()) {
          discover(loop, two.getFirst(), two.getLast());
        }
      }
    }
  }

  /** Both of the loopback or neither: who asks at the one must be able to reach the other. */
  private List<TransportAddress> two(
      List<InetAddress> addresses, AddressFamily family, boolean loopback) {
    return addresses.stream()
        .filter(address -> address.isLoopbackAddress() == loopback)
        .map(address -> TransportAddress.of(address, ports.main()))
        .filter(address -> address.family() == family)
        .limit(2)
        .toList();
  }

  private void discover(Loop loop, TransportAddress one, TransportAddress two) throws IOException {
    Listener first = listener(loop, one);
    Listener second = listener(loop, two);
    Listener firstOther = serve(bind(loop, one.withPort(ports.discovery())));
    Listener secondOther = serve(bind(loop, two.withPort(ports.discovery())));
    loop.execute(() -> Discovery.among(first, firstOther, second, secondOther));
  }

  private Listener listener(Loop loop, TransportAddress local) {
    return Objects.requireNonNull(open.get(local.address())).stream()
        .filter(one -> one.bound().loop() == loop && one.bound().local().equals(local))
        .map(Open::listener)
        .filter(listener -> listener.transport() == Transport.UDP)
        .findFirst()
        .orElseThrow();
  }
}
