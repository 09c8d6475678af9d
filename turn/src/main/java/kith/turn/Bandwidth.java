package kith.turn;

/** A token bucket of bytes that holds one second's worth. */
final class Bandwidth {
  // So long that a stream that overdrew can pay, so short that nothing overflows.
  private static final long LONGEST_FILL = 60_000;

  /** Of IPv4 and UDP: a packet of nothing costs the network and the server something, too. */
  private static final int HEADERS = 20 + 8;

  private final long perSecond;
  private long bytes;
  private long filledAt;

  Bandwidth(long perSecond, long now) {
    this.perSecond = perSecond;
    this.bytes = perSecond;
    this.filledAt = now;
  }

  /** Takes a packet of so many bytes, or none of it. */
  boolean take(int count, long now) {
    if (perSecond == 0) {
      return true;
    }
    fill(now);
    int whole = HEADERS + count;
    if (bytes < whole) {
      return false;
    }
    bytes -= whole;
    return true;
  }

  /** Whether a stream may go on: unlike a packet it can wait. */
  boolean hasAny(long now) {
    fill(now);
    return perSecond == 0 || bytes > 0;
  }

  /** Takes what a stream carried, though it be more than there is. */
  void spend(int count, long now) {
    if (perSecond > 0) {
      fill(now);
      bytes -= count;
    }
  }

  private void fill(long now) {
    long elapsed = now - filledAt;
    if (elapsed > 0) {
      bytes = Math.min(perSecond, bytes + Math.min(elapsed, LONGEST_FILL) * perSecond / 1000);
      filledAt = now;
    }
  }
}
