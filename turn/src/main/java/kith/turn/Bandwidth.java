package kith.turn;

/** A token bucket of bytes that holds one second's worth. */
final class Bandwidth {
  private final long perSecond;
  private long bytes;
  private long filledAt;

  Bandwidth(long perSecond, long now) {
    this.perSecond = perSecond;
    this.bytes = perSecond;
    this.filledAt = now;
  }

  boolean take(int count, long now) {
    if (perSecond == 0) {
      return true;
    }
    long elapsed = now - filledAt;
    if (elapsed > 0) {
      bytes = Math.min(perSecond, bytes + Math.min(elapsed, 1000) * perSecond / 1000);
      filledAt = now;
    }
    if (bytes < count) {
      return false;
    }
    bytes -= count;
    return true;
  }
}
