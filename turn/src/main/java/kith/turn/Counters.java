package kith.turn;

import java.util.concurrent.atomic.AtomicLongArray;

/** What one loop counts. Written by its thread only, read by any. */
public final class Counters {

  /** What is counted. */
  public enum Count {
    ALLOCATIONS_NOW,
    ALLOCATIONS_MADE,
    ALLOCATIONS_OVER_UDP,
    ALLOCATIONS_OVER_TCP,
    ALLOCATIONS_OVER_TLS,
    ALLOCATIONS_EXPIRED,
    PEER_CONNECTIONS_NOW,
    BINDING_REQUESTS,
    PACKETS_FROM_CLIENTS,
    BYTES_FROM_CLIENTS,
    PACKETS_TO_CLIENTS,
    BYTES_TO_CLIENTS,
    SEND_ERRORS,
    DROPPED_MALFORMED,
    DROPPED_NO_ALLOCATION,
    DROPPED_NO_PERMISSION,
    DROPPED_BANDWIDTH,
    DROPPED_CONGESTION,
    DROPPED_REFUSAL_LIMIT,
    REFUSED_BAD_REQUEST,
    REFUSED_UNAUTHENTICATED,
    REFUSED_FORBIDDEN,
    REFUSED_STALE_NONCE,
    REFUSED_QUOTA,
    REFUSED_CAPACITY,
    REFUSED_OTHER
  }

  private final AtomicLongArray values = new AtomicLongArray(Count.values().length);

  public void add(Count count, long amount) {
    int index = count.ordinal();
    // One writer: a plain read and an opaque write cost what a plain field does.
    values.setOpaque(index, values.getPlain(index) + amount);
  }

  public void add(Count count) {
    add(count, 1);
  }

  public long get(Count count) {
    return values.getOpaque(count.ordinal());
  }
}
