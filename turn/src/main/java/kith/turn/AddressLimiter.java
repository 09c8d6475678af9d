package kith.turn;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.random.RandomGenerator;
import kith.turn.stun.AddressFamily;
import kith.turn.stun.TransportAddress;

/**
 * Bounds what a spoofer can make this server send to a victim: so many replies per second to one
 * IPv4 address, or to one /64 of IPv6, which is what one host is given. Shared by all loops,
 * because the ports of one address are spread over them. Addresses share a fixed table of buckets,
 * so a flood from many addresses costs no memory; which ones share a bucket nobody can know, or a
 * flood from one address could silence the server for another.
 */
final class AddressLimiter {
  private static final int BUCKET_BITS = 14;

  private final int perSecond;
  private final SipHash hash;
  // The second in the upper half, and how many there were in it.
  private final AtomicLongArray buckets = new AtomicLongArray(1 << BUCKET_BITS);

  AddressLimiter(int perSecond, RandomGenerator random) {
    this.perSecond = perSecond;
    this.hash = new SipHash(random.nextLong(), random.nextLong());
  }

  boolean allows(TransportAddress client, long now) {
    boolean ipv4 = client.family() == AddressFamily.IPV4;
    long hashed = hash.of(client.high(), ipv4 ? client.low() : 0);
    int bucket = (int) (hashed >>> (64 - BUCKET_BITS));
    int second = (int) (now / 1000);
    while (true) {
      long seen = buckets.get(bucket);
      // Another loop's clock may have been read a little later.
      int current = Math.max((int) (seen >>> 32), second);
      int count = (int) (seen >>> 32) == current ? (int) seen : 0;
      if (count >= perSecond) {
        return false;
      }
      if (buckets.compareAndSet(bucket, seen, (long) current << 32 | (count + 1))) {
        return true;
      }
    }
  }
}
