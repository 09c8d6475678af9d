package kith.turn;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A bucket that holds one second's worth of bytes and is filled again all the time. It is told by
 * when it will be full, so several loops share one without a lock.
 */
final class Bandwidth {
  /** Of IPv4 and UDP: a packet of nothing costs the network and the server something, too. */
  private static final int HEADERS = 20 + 8;

  private static final long SECOND = 1_000_000_000;
  private static final long MILLISECOND = 1_000_000;

  private final long perSecond;
  // In nanoseconds of the core's time; past when it is full.
  private final AtomicLong fullAt = new AtomicLong();

  /**
   * @param perSecond bytes; 0 for no limit
   */
  Bandwidth(long perSecond) {
    this.perSecond = perSecond;
  }

  /** Takes a packet of so many bytes, or none of it. */
  boolean take(int count, long now) {
    if (perSecond == 0) {
      return true;
    }
    long at = now * MILLISECOND;
    while (true) {
      long before = fullAt.get();
      long after = Math.max(before, at) + timeToFill(HEADERS + count);
      if (after - at > SECOND) {
        return false;
      }
      if (fullAt.compareAndSet(before, after)) {
        return true;
      }
    }
  }

  /** Takes a packet of this and of the other, or of neither. */
  boolean takeWith(Bandwidth other, int count, long now) {
    if (!take(count, now)) {
      return false;
    }
    if (!other.take(count, now)) {
      giveBack(count);
      return false;
    }
    return true;
  }

  private void giveBack(int count) {
    if (perSecond > 0) {
      fullAt.addAndGet(-timeToFill(HEADERS + count));
    }
  }

  /** Whether a stream may go on: unlike a packet it can wait. */
  boolean hasAny(long now) {
    return fullAt.get() - now * MILLISECOND < SECOND;
  }

  /** Takes what a stream carried, though it be more than there is. */
  void spend(int count, long now) {
    if (perSecond > 0) {
      long at = now * MILLISECOND;
      fullAt.updateAndGet(before -> Math.max(before, at) + timeToFill(count));
    }
  }

  private long timeToFill(long bytes) {
    return Math.ceilDiv(bytes * SECOND, perSecond);
  }
}
