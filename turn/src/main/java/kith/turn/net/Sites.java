package kith.turn.net;

import java.net.InetAddress;
import java.net.SocketException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kith.turn.Listener;
import kith.turn.OwnAddresses;
import kith.turn.RelayHost;
import kith.turn.Transport;
import kith.turn.stun.AddressFamily;
import kith.turn.stun.TransportAddress;
import org.jspecify.annotations.Nullable;

/**
 * The addresses the server serves at, and what is relayed from for the clients that come to each.
 */
final class Sites {
  private final TurnOptions options;
  private final OwnAddresses own;
  private final Machine machine;
  private final Map<InetAddress, RelayHost> hosts = new LinkedHashMap<>();

  /** What has the addresses: this machine. */
  interface Machine {
    Set<InetAddress> addresses() throws SocketException;
  }

  Sites(TurnOptions options, OwnAddresses own, Machine machine) {
    this.options = options;
    this.own = own;
    this.machine = machine;
  }

  /** Learns all addresses this machine has by now, to keep relays away from it. */
  void learn() throws SocketException {
    for (InetAddress address : machine.addresses()) {
      own.add(TransportAddress.of(address, 0));
    }
  }

  /** Learns these addresses, and whatever else this machine has. */
  synchronized void add(List<InetAddress> addresses) throws SocketException {
    learn();
    for (InetAddress address : addresses) {
      RelayHost host = host(address);
      hosts.put(address, host);
      own.add(host);
    }
  }

  private RelayHost host(InetAddress address) {
    InetAddress external = options.externalAddress().orElse(address);
    boolean mapped = external.getClass() == address.getClass() && !address.isLoopbackAddress();
    return new RelayHost(
        TransportAddress.of(address, 0),
        TransportAddress.of(mapped ? external : address, 0),
        options.firstRelayPort(),
        options.lastRelayPort());
  }

  /** The addresses this machine has by now that the server should serve at and does not yet. */
  synchronized List<InetAddress> missing() throws SocketException {
    Set<InetAddress> fresh = new LinkedHashSet<>(Interfaces.meantBy(options.listen()));
    fresh.removeAll(hosts.keySet());
    return List.copyOf(fresh);
  }

  synchronized Listener listener(Transport transport, TransportAddress local) {
    InetAddress address = local.address();
    return new Listener(
        transport,
        local,
        hostFor(address, AddressFamily.IPV4),
        hostFor(address, AddressFamily.IPV6));
  }

  /** The address itself, and its like where it is of the other family or none we relay from. */
  private @Nullable RelayHost hostFor(InetAddress address, AddressFamily family) {
    RelayHost own = hosts.get(address);
    if (own != null && TransportAddress.of(address, 0).family() == family) {
      return own;
    }
    for (Map.Entry<InetAddress, RelayHost> host : hosts.entrySet()) {
      boolean alike = host.getKey().isLoopbackAddress() == address.isLoopbackAddress();
      if (alike && TransportAddress.of(host.getKey(), 0).family() == family) {
        return host.getValue();
      }
    }
    return null;
  }
}
