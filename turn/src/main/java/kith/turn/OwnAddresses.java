package kith.turn;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import kith.turn.stun.TransportAddress;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of this machine: where it listens, where it relays, and those it merely has. Shared
 * by all loops.
 */
public final class OwnAddresses {
  // Never changed once it is here; an array, because the media path walks it and an iterator is an
  // object.
  private volatile RelayHost[] hosts = {};
  private final Set<TransportAddress> others = ConcurrentHashMap.newKeySet();
  private volatile List<IpRange> links = List.of();
  private volatile Set<Integer> listeningPorts = Set.of();
  private volatile boolean anyMapped;
  // Never changed once it is here.
  private volatile AddressTable<InProcessPeer> inProcess = new AddressTable<>();

  /** A host to relay from; it must be known here before anything is relayed from it. */
  public synchronized void add(RelayHost host) {
    Stream.of(hosts)
        .filter(other -> other.advertised().sameHost(host.advertised()))
        .findFirst()
        .ifPresent(host::sharePortsOf);
    listeningPorts.forEach(host::withhold);
    hosts = Stream.concat(Stream.of(hosts), Stream.of(host)).toArray(RelayHost[]::new);
    anyMapped |= host.isMapped();
  }

  /** Nothing is relayed from this host any more, and nothing is relayed to it either. */
  public synchronized void remove(RelayHost host) {
    add(host.local());
    hosts = Stream.of(hosts).filter(other -> other != host).toArray(RelayHost[]::new);
  }

  /**
   * An address that nothing is relayed from: known so that nothing is relayed to it either, unless
   * a range is allowed.
   */
  public void add(TransportAddress address) {
    others.add(address.withPort(0));
  }

  /**
   * The networks that this machine is in by now. Their devices may be behind a firewall that this
   * machine is behind as well: nothing is relayed to them, unless a range is allowed.
   */
  public void isIn(Set<IpRange> networks) {
    links = List.copyOf(networks);
  }

  /** Whether a device of this address is in one of these networks. */
  public boolean isOnLink(long high, long low) {
    return links.stream().anyMatch(link -> link.contains(high, low));
  }

  /**
   * The ports the server itself listens on: never a peer, or a relay could be made to talk to its
   * own server; and never a relay, or one that listens for TCP could sit down beside the server and
   * be given its clients.
   */
  public synchronized void listensOn(Set<Integer> ports) {
    Set<Integer> all = new HashSet<>(listeningPorts);
    all.addAll(ports);
    listeningPorts = Set.copyOf(all);
    Stream.of(hosts).forEach(host -> ports.forEach(host::withhold));
  }

  @Nullable RelayHost host(long high, long low) {
    for (RelayHost host : hosts) {
      if (host.isKnownAs(high, low)) {
        return host;
      }
    }
    return null;
  }

  /**
   * The host whose relay is live at this address, be it this machine's own or the one that clients
   * are told; null when there is none. Several hosts may be known by one address, so the port
   * decides.
   */
  @Nullable RelayHost liveHost(RelayedTransport transport, long high, long low, int port) {
    for (RelayHost host : hosts) {
      if (host.isKnownAs(high, low) && host.isLive(transport, port)) {
        return host;
      }
    }
    return null;
  }

  /** The host whose live relay sends from this address but is told under another; or null. */
  @Nullable RelayHost hiddenHost(RelayedTransport transport, long high, long low, int port) {
    if (!anyMapped) {
      return null;
    }
    for (RelayHost host : hosts) {
      if (host.isMapped() && host.isLocal(high, low) && host.isLive(transport, port)) {
        return host;
      }
    }
    return null;
  }

  /** Whether this machine has the address, as far as was told. */
  public boolean contains(long high, long low) {
    return host(high, low) != null
        || !others.isEmpty() && others.contains(new TransportAddress(high, low, 0));
  }

  boolean isLiveRelay(RelayedTransport transport, long high, long low, int port) {
    return liveHost(transport, high, low, port) != null;
  }

  /**
   * Has what relays send to this address handed to a service of this process.
   *
   * @throws IllegalArgumentException if the address is another's
   */
  public synchronized void add(TransportAddress address, InProcessPeer peer) {
    if (inProcessPeer(address.high(), address.low(), address.port()) != null) {
      throw new IllegalArgumentException(address + " is taken by another service");
    }
    AddressTable<InProcessPeer> more = inProcess.copy();
    more.put(address.high(), address.low(), address.port(), peer);
    inProcess = more;
  }

  public synchronized void removeInProcessPeer(TransportAddress address) {
    AddressTable<InProcessPeer> fewer = inProcess.copy();
    fewer.remove(address.high(), address.low(), address.port());
    inProcess = fewer;
  }

  @Nullable InProcessPeer inProcessPeer(long high, long low, int port) {
    return inProcess.size() == 0 ? null : inProcess.get(high, low, port);
  }

  boolean hasInProcessPeerAt(long high, long low) {
    return inProcess.hasHost(high, low);
  }

  boolean isListening(int port) {
    return listeningPorts.contains(port);
  }
}
