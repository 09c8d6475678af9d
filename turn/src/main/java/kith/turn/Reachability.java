package kith.turn;

import kith.turn.stun.AddressFamily;
import kith.turn.stun.TransportAddress;

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
    boolean allowed = policy.explicitlyAllows(high, low);
    if (own.contains(high, low)) {
      return allowed ? Reach.OWN_MACHINE : Reach.OWN_RELAYS;
    }
    return allowed || !policy.denies(high, low) ? Reach.ANYWHERE : Reach.NOWHERE;
  }

  /** Whether packets may go to, or come from, this port of a host that was permitted so far. */
  boolean covers(Reach reach, long high, long low, int port) {
    return switch (reach) {
      case ANYWHERE -> true;
      case OWN_RELAYS -> own.isLiveRelay(high, low, port);
      case OWN_MACHINE -> !own.isListening(port);
      case NOWHERE -> false;
    };
  }

  /**
   * Where packets for this host really go: relays know each other by this machine's own address,
   * not by the NAT's.
   */
  TransportAddress wire(TransportAddress host) {
    RelayHost relayHost = own.host(host.high(), host.low());
    return relayHost != null && relayHost.isMapped() ? relayHost.local() : host;
  }

  /** What the client calls the address that a packet came from: the reverse of {@link #wire}. */
  boolean isHiddenRelay(long high, long low, int port) {
    RelayHost relayHost = own.host(high, low);
    return relayHost != null
        && relayHost.isMapped()
        && relayHost.isLocal(high, low)
        && relayHost.isLive(port);
  }

  TransportAddress advertised(long high, long low) {
    RelayHost relayHost = own.host(high, low);
    return relayHost == null ? new TransportAddress(high, low, 0) : relayHost.advertised();
  }

  boolean isOwnRelay(TransportAddress client) {
    return own.isLiveRelay(client.high(), client.low(), client.port());
  }
}
