package kith.turn.net;

/**
 * Whether a loop should let packets gather for a moment before it looks again. A wake-up for every
 * packet or two costs more than the packets; while more than about 20,000 come per second, a pause
 * lets one wake-up serve many. While they come slower it never pauses.
 */
final class Pace {
  /** Nanoseconds. */
  static final long PAUSE = 150_000;

  private static final long WINDOW = 2_000_000;
  private static final int FAST = 40;
  // A turn of so many is a wait's worth: more of them wait already.
  private static final int FULL = 170;

  private long windowStart;
  private int inWindow;
  private boolean fast;

  /**
   * @param packets how many the turn that ended now handled
   * @param nanos the time in nanoseconds
   */
  boolean shouldPause(int packets, long nanos) {
    inWindow += packets;
    if (nanos - windowStart >= WINDOW) {
      // A window that was long because nothing came does not count as busy.
      fast = inWindow >= FAST && nanos - windowStart < 2 * WINDOW;
      windowStart = nanos;
      inWindow = 0;
    }
    return fast && packets > 0 && packets < FULL;
  }
}
