package kith.turn;

import kith.turn.stun.ErrorCode;
import kith.turn.stun.TransportAddress;
import kith.turn.stun.XorAddress;
import org.jspecify.annotations.Nullable;

/** Installing permissions, for CreatePermission and ChannelBind alike (RFC 8656 §9). */
final class Permissions {
  private final TurnSettings settings;
  private final Reachability reachability;

  Permissions(TurnShared shared, Reachability reachability) {
    this.settings = shared.settings();
    this.reachability = reachability;
  }

  /** Why this peer cannot be permitted, or null when it can. */
  @Nullable ErrorCode refusal(Allocation allocation, XorAddress peer) {
    if (allocation.relay(peer.family()) == null) {
      return ErrorCode.PEER_ADDRESS_FAMILY_MISMATCH;
    }
    return reachability.of(peer.family(), peer.high(), peer.low()) == Reach.NOWHERE
        ? ErrorCode.FORBIDDEN
        : null;
  }

  /** What has expired takes no room from what is asked for now. */
  void sweep(Allocation allocation, long now) {
    allocation.sweep(now, settings.lifetimes().channelQuiet());
  }

  boolean isFull(Allocation allocation, TransportAddress peer) {
    return allocation.permission(peer) == null
        && allocation.permissions().size() >= settings.limits().permissions();
  }

  /** Installs or refreshes; the peer must have passed {@link #refusal} and {@link #isFull}. */
  Permission install(Allocation allocation, TransportAddress peer, long now) {
    long until = now + settings.lifetimes().permission();
    Permission known = allocation.permission(peer);
    Reach reach = reachability.of(peer.family(), peer.high(), peer.low());
    if (known != null && known.reach() == reach) {
      known.refresh(until);
      return known;
    }
    Permission fresh = new Permission(peer, reach, reachability, until);
    allocation.put(fresh);
    return fresh;
  }
}
