package kith.turn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import kith.turn.stun.TransportAddress;
import kith.turn.world.World;
import org.junit.jupiter.api.Test;

/** So many replies per second to one address. */
class AddressLimiterTest {
  private final AddressLimiter limiter = new AddressLimiter(5, new Random(1));

  private int allowed(int times, TransportAddress... addresses) {
    int count = 0;
    for (int i = 0; i < times; i++) {
      count += limiter.allows(addresses[i % addresses.length], 1_000) ? 1 : 0;
    }
    return count;
  }

  @Test
  void anAddressHasSoManyWhateverThePort() {
    assertEquals(
        5, allowed(20, World.address("198.51.100.7", 1), World.address("198.51.100.7", 2)));
    assertTrue(limiter.allows(World.address("198.51.100.8", 1), 1_999));
  }

  @Test
  void aNewSecondIsANewBeginning() {
    TransportAddress address = World.address("198.51.100.7", 1);
    assertEquals(5, allowed(20, address));
    assertFalse(limiter.allows(address, 1_999));
    assertTrue(limiter.allows(address, 2_000));
  }

  @Test
  void aClockThatIsALittleBehindBeginsNothingNew() {
    TransportAddress address = World.address("198.51.100.7", 1);
    assertEquals(5, allowed(20, address));
    assertFalse(limiter.allows(address, 999));
  }

  @Test
  void aNetworkOfIpv6CountsAsOneAddress() {
    TransportAddress[] network = new TransportAddress[20];
    for (int i = 0; i < network.length; i++) {
      network[i] = World.address("2001:db8:1:1::" + i, 1);
    }
    assertEquals(5, allowed(20, network));
    assertTrue(limiter.allows(World.address("2001:db8:1:2::1", 1), 1_000));
  }

  @Test
  void severalLoopsTogetherAllowNoMore() throws InterruptedException {
    AddressLimiter shared = new AddressLimiter(1_000, new Random(1));
    TransportAddress address = World.address("198.51.100.7", 1);
    AtomicInteger allowed = new AtomicInteger();
    List<Thread> loops = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      loops.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int j = 0; j < 1_000; j++) {
                      allowed.addAndGet(shared.allows(address, 1_000) ? 1 : 0);
                    }
                  }));
    }
    for (Thread loop : loops) {
      loop.join();
    }
    assertEquals(1_000, allowed.get());
  }

  /** The reference implementation's vector for the bytes 0 to 15 under a key of the same. */
  @Test
  void theHashIsThatOfItsReference() {
    SipHash hash = new SipHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);
    assertEquals(0x3f2acc7f57c29bdbL, hash.of(0x0706050403020100L, 0x0f0e0d0c0b0a0908L));
  }
}
