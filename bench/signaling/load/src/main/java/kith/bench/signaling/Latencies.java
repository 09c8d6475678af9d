package kith.bench.signaling;

import java.util.Arrays;

/** Every latency of a phase, nanoseconds. */
final class Latencies {
  private final long[] nanos;
  private int count;

  Latencies(int capacity) {
    nanos = new long[capacity];
  }

  boolean isOpen() {
    return count < nanos.length;
  }

  void record(long value) {
    nanos[count++] = value;
  }

  /** The latency that this share of the messages did not exceed, in milliseconds. */
  double percentile(double share) {
    if (count == 0) {
      throw new IllegalStateException("nothing was measured");
    }
    long[] sorted = Arrays.copyOf(nanos, count);
    Arrays.sort(sorted);
    int rank = (int) Math.ceil(share * count);
    return sorted[Math.max(0, rank - 1)] / 1e6;
  }
}
