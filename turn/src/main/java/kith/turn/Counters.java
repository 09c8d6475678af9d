package kith.turn;

import java.util.concurrent.atomic.AtomicLongArray;
import kith.turn.stun.ErrorCode;

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
    DROPPED_TOO_LONG,
    DROPPED_NO_ALLOCATION,
    DROPPED_NO_PERMISSION,
    DROPPED_BANDWIDTH,
    DROPPED_CONGESTION,
    DROPPED_REFUSAL_LIMIT,
    DROPPED_BINDING_LIMIT
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
  private final AtomicLongArray refused =
      new AtomicLongArray(ErrorCode.values().length * TRANSPORTS);

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
    add(relayed, index(traffic.ordinal(), transport), amount);
  }

  public long get(Traffic traffic, Transport transport) {
    return relayed.getOpaque(index(traffic.ordinal(), transport));
  }

  /** An error reply to a client of this transport. */
  void refused(ErrorCode error, Transport transport) {
    add(refused, index(error.ordinal(), transport), 1);
  }

  public long refusals(ErrorCode error, Transport transport) {
    return refused.getOpaque(index(error.ordinal(), transport));
  }

  private static int index(int row, Transport transport) {
    return row * TRANSPORTS + transport.ordinal();
  }
}
