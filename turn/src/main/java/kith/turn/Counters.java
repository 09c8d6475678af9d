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
    SEND_ERRORS,
    DROPPED_MALFORMED,
    DROPPED_NO_ALLOCATION,
    DROPPED_NO_PERMISSION,
    DROPPED_BANDWIDTH,
    DROPPED_CONGESTION,
    DROPPED_REFUSAL_LIMIT,
    DROPPED_BINDING_LIMIT,
    REFUSED_BAD_REQUEST,
    REFUSED_UNAUTHENTICATED,
    REFUSED_FORBIDDEN,
    REFUSED_STALE_NONCE,
    REFUSED_QUOTA,
    REFUSED_CAPACITY,
    REFUSED_OTHER
  }

  /** What is counted for each transport of clients. Bytes are without TURN's own headers. */
  public enum Traffic {
    PACKETS_FROM_CLIENTS,
    BYTES_FROM_CLIENTS,
    PACKETS_TO_CLIENTS,
    BYTES_TO_CLIENTS
  }

  private static final int TRANSPORTS = Transport.values().length;

  private final AtomicLongArray values = new AtomicLongArray(Count.values().length);
  private final AtomicLongArray relayed = new AtomicLongArray(Traffic.values().length * TRANSPORTS);

  public void add(Count count, long amount) {
    add(values, count.ordinal(), amount);
  }

  private static void add(AtomicLongArray to, int index, long amount) {
    // One writer: a plain read and an opaque write cost what a plain field does.
    to.setOpaque(index, to.getPlain(index) + amount);
  }

  public void add(Count count) {
    add(count, 1);
  }

  public long get(Count count) {
    return values.getOpaque(count.ordinal());
  }

  void add(Traffic traffic, Transport transport, long amount) {
    add(relayed, index(traffic, transport), amount);
  }

  public long get(Traffic traffic, Transport transport) {
    return relayed.getOpaque(index(traffic, transport));
  }

  private static int index(Traffic traffic, Transport transport) {
    return traffic.ordinal() * TRANSPORTS + transport.ordinal();
  }
}
