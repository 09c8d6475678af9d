package kith.turn;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kith.turn.Counters.Count;
import kith.turn.Deadlines.Deadline;
import org.jspecify.annotations.Nullable;

/** The allocations of one loop: how they begin, live and end (RFC 8656 §3.2, §6). */
final class Allocations {
  private static final long SWEEP = 60_000;

  private final TurnShared shared;
  private final Deadlines deadlines;
  private final Outbox outbox;
  private final Counters counters;
  private final PeerConnections connections;
  private final Map<Allocation, Deadline> live = new HashMap<>();

  Allocations(
      TurnShared shared,
      Deadlines deadlines,
      Outbox outbox,
      Counters counters,
      PeerConnections connections) {
    this.connections = connections;
    this.shared = shared;
    this.deadlines = deadlines;
    this.outbox = outbox;
    this.counters = counters;
  }

  /** The allocation of this flow, if it has one that has not expired by {@code now}. */
  static @Nullable Allocation of(Flow flow, long now) {
    Allocation allocation = flow.allocation;
    return allocation != null && now < allocation.expiresAt() ? allocation : null;
  }

  void begin(Allocation allocation, long at) {
    Flow flow = allocation.flow();
    flow.take(allocation);
    for (Relay relay : allocation.relays()) {
      relay.allocation = allocation;
      shared.remember(relay);
      relay.host().setLive(relay.transport(), relay.local().port(), true);
    }
    counters.add(Count.ALLOCATIONS_NOW);
    counters.add(Count.ALLOCATIONS_MADE);
    counters.add(
        switch (flow.listener().transport()) {
          case UDP -> Count.ALLOCATIONS_OVER_UDP;
          case TCP -> Count.ALLOCATIONS_OVER_TCP;
          case TLS -> Count.ALLOCATIONS_OVER_TLS;
        });
    watch(allocation, at);
    outbox.add(
        new Command.Tell(
            new TurnEvent.Allocated(
                allocation.id(),
                allocation.owner().user(),
                flow.listener().transport(),
                flow.client(),
                allocation.relays().stream().map(Relay::advertised).toList())));
  }

  /** All its relayed addresses, or only this one of them (RFC 8656 §8.1). */
  void refresh(Allocation allocation, @Nullable Relay only, long until, long at) {
    allocation.refresh(only, until);
    watchAgain(allocation, at);
  }

  /** One deadline per allocation: when it loses an address, or the next sweep of what it holds. */
  private void watch(Allocation allocation, long at) {
    long due = Math.min(allocation.firstExpiresAt(), at + SWEEP);
    live.put(allocation, deadlines.at(due, () -> due(allocation, due)));
  }

  /** As {@link #watch}; a deadline that comes soon enough anyway stays, and sets the next. */
  private void watchAgain(Allocation allocation, long at) {
    Deadline set = live.get(allocation);
    if (set == null || set.at() > Math.min(allocation.firstExpiresAt(), at + SWEEP)) {
      if (set != null) {
        set.cancel();
      }
      watch(allocation, at);
    }
  }

  private void due(Allocation allocation, long at) {
    if (at >= allocation.expiresAt()) {
      counters.add(Count.ALLOCATIONS_EXPIRED);
      end(allocation, TurnEvent.Reason.EXPIRED, at);
    } else {
      for (Relay relay : allocation.relays()) {
        if (at >= relay.expiresAt) {
          giveUp(allocation, relay);
        }
      }
      allocation.sweep(at, shared.settings().lifetimes().channelQuiet());
      watch(allocation, at);
    }
  }

  void end(Allocation allocation, TurnEvent.Reason reason, long at) {
    Deadline deadline = live.remove(allocation);
    if (deadline == null) {
      return;
    }
    deadline.cancel();
    allocation.tickets().forEach(shared::forget);
    allocation.leaveFlows();
    for (Relay relay : List.copyOf(allocation.relays())) {
      drop(allocation, relay);
    }
    shared.quotas().give(allocation.owner().user(), 1);
    counters.add(Count.ALLOCATIONS_NOW, -1);
    outbox.add(
        new Command.Tell(
            new TurnEvent.Released(
                allocation.id(),
                allocation.owner().user(),
                allocation.transport(),
                reason,
                (at - allocation.madeAt()) / 1000,
                allocation.packetsFromClient,
                allocation.bytesFromClient,
                allocation.packetsToClient,
                allocation.bytesToClient)));
  }

  /** Gives up one of two relayed addresses, and what belongs to it (RFC 8656 §8.1). */
  void giveUp(Allocation allocation, Relay relay) {
    drop(allocation, relay);
    allocation.forget(relay.family());
  }

  private void drop(Allocation allocation, Relay relay) {
    connections.endAll(allocation, relay);
    allocation.drop(relay);
    discard(relay);
  }

  /** Closes a relay that no allocation has, or has no longer. */
  void discard(Relay relay) {
    relay.allocation = null;
    relay.host().setLive(relay.transport(), relay.local().port(), false);
    shared.forget(relay);
    outbox.add(new Command.Close(relay));
    relay.host().release(relay.local().port());
  }

  /** Lets go of an allocation that moves to another loop; false when it is not here (any more). */
  boolean yieldUp(Allocation allocation) {
    Deadline deadline = live.remove(allocation);
    if (deadline == null) {
      return false;
    }
    deadline.cancel();
    allocation.leaveFlows();
    allocation.home(null);
    counters.add(Count.ALLOCATIONS_NOW, -1);
    return true;
  }

  /** Takes in an allocation that another loop yielded up, for a client that came to this one. */
  void takeOver(Allocation allocation, Flow claimant, long at) {
    Flow flow = allocation.flow();
    if (flow.listener() == claimant.listener()) {
      flow.take(allocation);
    }
    counters.add(Count.ALLOCATIONS_NOW);
    watch(allocation, at);
  }

  void endAll(long at) {
    for (Allocation allocation : List.copyOf(live.keySet())) {
      end(allocation, TurnEvent.Reason.SHUT_DOWN, at);
    }
  }
}
