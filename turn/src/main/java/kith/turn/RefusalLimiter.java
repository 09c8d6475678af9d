package kith.turn;

import kith.turn.stun.TransportAddress;

/**
 * Bounds what a spoofer can make this server send to a victim: so many unauthenticated error
 * replies per second to one address. Addresses share a fixed table of buckets, so a flood from many
 * addresses costs no memory.
 */
final class RefusalLimiter {
  private static final int BUCKETS = 4096;

  private final int perSecond;
  private final long[] seconds = new long[BUCKETS];
  private final int[] counts = new int[BUCKETS];

  RefusalLimiter(int perSecond) {
    this.perSecond = perSecond;
  }

  boolean allows(TransportAddress client, long now) {
    int bucket = (client.withPort(0).hashCode() * 0x9E3779B9) >>> 20;
    long second = now / 1000;
    if (seconds[bucket] != second) {
      seconds[bucket] = second;
      counts[bucket] = 0;
    }
    return ++counts[bucket] <= perSecond;
  }
}
