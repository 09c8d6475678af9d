package kith.turn.net;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.SocketException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import kith.turn.Listener;
import kith.turn.OwnAddresses;
import kith.turn.RelayHost;
import kith.turn.Transport;
import kith.turn.net.Networks.Network;
import kith.turn.stun.AddressFamily;
import kith.turn.stun.TransportAddress;
import org.jspecify.annotations.Nullable;

/**
 * The addresses the server serves at, and what is relayed from for the clients that come to each.
 */
final class Sites {
  private static final Logger LOG = System.getLogger("kith.turn");

  private final TurnOptions options;
  private final OwnAddresses own;
  private final Networks networks;
  // What is served at, and nothing else.
  private final Map<InetAddress, RelayHost> hosts = new LinkedHashMap<>();
  // Where these lead, looked up once: every connection that is adopted asks for it.
  private final Map<InetAddress, Network> reached = new HashMap<>();
  // What clients are told in place of which address.
  private final Map<InetAddress, InetAddress> told;
  private @Nullable InetAddress behindExternal;

  Sites(TurnOptions options, OwnAddresses own, Networks networks) {
    this.options = options;
    this.own = own;
    this.networks = networks;
    this.told = new HashMap<>(options.externalAddresses());
  }

  /**
   * Learns all addresses this machine has by now, and the networks it is in, to keep relays away
   * from them.
   */
  void learn() throws SocketException {
    for (InetAddress address : networks.addresses()) {
      own.add(TransportAddress.of(address, 0));
    }
    own.isIn(networks.links());
  }

  /**
   * Looks whether external addresses lead to where the server is to serve.
   *
   * @throws IOException if one is said to lead to an address that is not listened on
   */
  void check() throws IOException {
    boolean followed = Interfaces.areFollowed(options.listen());
    Set<InetAddress> meant = Set.copyOf(meant());
    for (InetAddress address : options.externalAddresses().keySet()) {
      String where = "an external address is said to lead to " + address.getHostAddress();
      if (!meant.contains(address) && !followed) {
        throw new IOException(where + ", which is not listened on");
      }
      if (!meant.contains(address)) {
        LOG.log(Level.WARNING, where + ", which this machine does not have (yet)");
      }
    }
  }

  /**
   * These addresses are served at from now on. Learns whatever else this machine has, too, to keep
   * relays away from it.
   */
  synchronized void add(List<InetAddress> addresses) throws SocketException {
    learn();
    Optional<InetAddress> external = options.externalAddress();
    Optional<InetAddress> behind = external.flatMap(it -> behind(it, addresses));
    if (external.isPresent() && behind.isPresent()) {
      behindExternal = behind.get();
      told.put(behind.get(), external.get());
    }
    for (InetAddress address : addresses) {
      if (!hosts.containsKey(address)) {
        RelayHost host = host(address);
        hosts.put(address, host);
        reached.put(address, networks.of(address));
        own.add(host);
      }
    }
  }

  /** Those that are served at and that this machine has no longer, nor was told to serve at. */
  synchronized List<InetAddress> vanished() throws SocketException {
    Set<InetAddress> gone = new LinkedHashSet<>(hosts.keySet());
    gone.removeAll(Set.copyOf(meant()));
    return List.copyOf(gone);
  }

  /** Whether an allocation is relayed from this address. */
  synchronized boolean isRelayedFrom(InetAddress address) {
    RelayHost host = hosts.get(address);
    return host != null && host.isInUse();
  }

  /** Nothing is served at this address any more, and nothing relayed from it. */
  synchronized void remove(InetAddress address) {
    RelayHost host = hosts.remove(address);
    reached.remove(address);
    if (host != null) {
      own.remove(host);
    }
  }

  private RelayHost host(InetAddress address) {
    return new RelayHost(
        TransportAddress.of(address, 0),
        TransportAddress.of(told.getOrDefault(address, address), 0),
        options.firstRelayPort(),
        options.lastRelayPort());
  }

  synchronized boolean isServed(InetAddress address) {
    return hosts.containsKey(address);
  }

  /**
   * Which of these addresses the external one leads to, when nobody said. Given to all of them, it
   * would be told of addresses that no packet from outside comes to. An address that comes later
   * takes it over when the way out is by it now: a laptop, say, that changed its network.
   */
  private Optional<InetAddress> behind(InetAddress external, List<InetAddress> addresses) {
    List<InetAddress> candidates =
        addresses.stream()
            .filter(address -> address.getClass() == external.getClass())
            .filter(address -> !address.isLoopbackAddress())
            .filter(address -> !options.externalAddresses().containsKey(address))
            .toList();
    if (candidates.contains(external)) {
      return Optional.of(external);
    }
    Optional<InetAddress> routed = networks.sourceTowards(external).filter(candidates::contains);
    return routed.isPresent() || behindExternal != null
        ? routed
        : candidates.stream()
            .filter(it -> options.listen().contains(it) || !networks.of(it).isBridge())
            .findFirst();
  }

  /** The addresses this machine has by now that the server should serve at and does not yet. */
  synchronized List<InetAddress> missing() throws SocketException {
    Set<InetAddress> fresh = new LinkedHashSet<>(meant());
    fresh.removeAll(hosts.keySet());
    return List.copyOf(fresh);
  }

  private List<InetAddress> meant() throws SocketException {
    return Interfaces.meantBy(options.listen(), networks.addresses());
  }

  synchronized Listener listener(Transport transport, TransportAddress local) {
    InetAddress address = local.address();
    return new Listener(
        transport,
        local,
        hostFor(address, AddressFamily.IPV4),
        hostFor(address, AddressFamily.IPV6));
  }

  /** Has a listener relay from what there is now. */
  synchronized void renew(Listener listener) {
    InetAddress address = listener.local().address();
    listener.relaysFrom(hostFor(address, AddressFamily.IPV4), hostFor(address, AddressFamily.IPV6));
  }

  /**
   * The address itself, and where it is of the other family, or none we relay from, the one that
   * leads furthest: of the same interface, then of one that is no tunnel, then one that is reached
   * from everywhere. Bridges lead nowhere a peer could be.
   */
  private @Nullable RelayHost hostFor(InetAddress address, AddressFamily family) {
    RelayHost itself = hosts.get(address);
    if (itself != null && TransportAddress.of(address, 0).family() == family) {
      return itself;
    }
    Network from = network(address);
    Comparator<InetAddress> furthest =
        Comparator.comparing((InetAddress it) -> !network(it).equals(from))
            .thenComparing(it -> network(it).kind())
            .thenComparing(it -> !isGlobal(told.getOrDefault(it, it)));
    return hosts.keySet().stream()
        .filter(it -> it.isLoopbackAddress() == address.isLoopbackAddress())
        .filter(it -> TransportAddress.of(it, 0).family() == family)
        .filter(it -> network(it).equals(from) || !network(it).isBridge())
        .min(furthest)
        .map(hosts::get)
        .orElse(null);
  }

  private Network network(InetAddress address) {
    Network known = reached.get(address);
    return known == null ? networks.of(address) : known;
  }

  private static boolean isGlobal(InetAddress address) {
    boolean unique = address instanceof Inet6Address && (address.getAddress()[0] & 0xFE) == 0xFC;
    return !unique && !address.isSiteLocalAddress();
  }
}
