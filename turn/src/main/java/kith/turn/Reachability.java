package kith.turn;

import kith.turn.stun.AddressFamily;
import kith.turn.stun.TransportAddress;
import org.jspecify.annotations.Nullable;

/**
 * Decides how far a permission for a peer would reach, and checks each packet against that (RFC
 * 8656 §21.2).
 */
final class Reachability {
  private final PeerPolicy policy;
  private final OwnAddresses own;

  Reachability(TurnShared shared) {
    this.policy = shared.settings().peers();
    this.own = shared.own();
  }

  /**
   * @param family as the attribute spelled it: an IPv4 address in IPv6 clothes is no peer at all
   */
  Reach of(AddressFamily family, long high, long low) {
    if (family == AddressFamily.IPV6 && TransportAddress.isMapped(high, low)) {
      return Reach.NOWHERE;
    }
    if (PeerPolicy.wraps(high, low, ipv4 -> own.contains(0, ipv4))) {
      // Around by a gateway, where no check of ports could follow.
      return Reach.NOWHERE;
    }
    boolean allowed = policy.explicitlyAllows(high, low);
    if (own.contains(high, low)) {
      return allowed ? Reach.OWN_MACHINE : Reach.THIS_SERVER;
    }
    if (allowed || !policy.denies(high, low) && !own.isOnLink(high, low)) {
      return Reach.ANYWHERE;
    }
    return own.hasInProcessPeerAt(high, low) ? Reach.THIS_SERVER : Reach.NOWHERE;
  }

  /** Whether packets may go to, or come from, this port of a host that was permitted so far. */
  boolean covers(Reach reach, RelayedTransport transport, long high, long low, int port) {
    return switch (reach) {
      case ANYWHERE -> true;
      case THIS_SERVER ->
          own.isLiveRelay(transport, high, low, port)
              || transport == RelayedTransport.UDP && own.inProcessPeer(high, low, port) != null;
      case OWN_MACHINE -> !own.isListening(port);
      case NOWHERE -> false;
    };
  }

  /** The service of this process that has this address, or null. */
  @Nullable InProcessPeer inProcessPeer(long high, long low, int port) {
    return own.inProcessPeer(high, low, port);
  }

  /**
   * Where packets for this peer really go: relays know each other by this machine's own address,
   * not by the NAT's.
   */
  TransportAddress wire(RelayedTransport transport, TransportAddress peer) {
    RelayHost live = own.liveHost(transport, peer.high(), peer.low(), peer.port());
    RelayHost host = live != null ? live : own.host(peer.high(), peer.low());
    return host != null && host.isMapped() ? host.local().withPort(peer.port()) : peer;
  }

  /**
   * The host of another relay of this server, when a packet came from one that clients know by
   * another address: the reverse of {@link #wire}. Null for everyone else.
   */
  @Nullable RelayHost hidden(RelayedTransport transport, long high, long low, int port) {
    return own.hiddenHost(transport, high, low, port);
  }

  /** What the client of this relay calls a peer that is heard from there. */
  TransportAddress known(Relay relay, TransportAddress from) {
    RelayHost hidden = hidden(relay.transport(), from.high(), from.low(), from.port());
    return hidden == null ? from : hidden.advertised().withPort(from.port());
  }

  boolean isOwnRelay(Flow flow) {
    TransportAddress client = flow.client();
    RelayedTransport transport = flow.isStream() ? RelayedTransport.TCP : RelayedTransport.UDP;
    return own.isLiveRelay(transport, client.high(), client.low(), client.port());
  }
}
