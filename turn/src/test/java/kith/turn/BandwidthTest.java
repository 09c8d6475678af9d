package kith.turn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** So many bytes a second: a second's worth at once, and what is spent comes back by and by. */
class BandwidthTest {
  private static final int HEADERS = 28;
  private static final int PACKET = 100 - HEADERS;
  private static final long NOW = 1_000_000;

  private final Bandwidth bandwidth = new Bandwidth(1_000);

  private int taken(long now) {
    int count = 0;
    while (bandwidth.take(PACKET, now)) {
      count++;
    }
    return count;
  }

  @Test
  void aSecondsWorthMayBeTakenAtOnce() {
    assertEquals(10, taken(NOW));
  }

  @Test
  void whatIsSpentComesBackByAndBy() {
    taken(NOW);
    assertEquals(0, taken(NOW + 99));
    assertEquals(1, taken(NOW + 100));
    assertEquals(5, taken(NOW + 600));
  }

  @Test
  void whoWasSilentForLongHasNoMoreThanASecondsWorth() {
    taken(NOW);
    assertEquals(10, taken(NOW + 3_600_000));
  }

  @Test
  void aPacketThatIsTooLargeTakesNothing() {
    assertFalse(bandwidth.take(1_000, NOW));
    assertEquals(10, taken(NOW));
  }

  @Test
  void ofTwoBothAreTakenOrNeither() {
    Bandwidth inAll = new Bandwidth(1_000);
    assertTrue(bandwidth.takeWith(inAll, PACKET, NOW));
    inAll.spend(1_000, NOW);
    assertFalse(bandwidth.takeWith(inAll, PACKET, NOW));
    assertEquals(9, taken(NOW));
  }

  @Test
  void aStreamMaySpendMoreThanThereIsAndWaitsUntilThatIsPaid() {
    assertTrue(bandwidth.hasAny(NOW));
    bandwidth.spend(3_000, NOW);
    assertFalse(bandwidth.hasAny(NOW + 2_000));
    assertTrue(bandwidth.hasAny(NOW + 2_001));
  }

  @Test
  void aClockThatIsALittleBehindGivesNothing() {
    taken(NOW);
    assertEquals(0, taken(NOW - 50));
    assertEquals(0, taken(NOW));
    assertEquals(1, taken(NOW + 100));
  }

  @Test
  void withoutALimitEverythingPasses() {
    Bandwidth unlimited = new Bandwidth(0);
    unlimited.spend(Integer.MAX_VALUE, NOW);
    assertTrue(unlimited.hasAny(NOW));
    assertTrue(unlimited.take(65_507, NOW));
  }

  @Test
  void theLargestLimitHoldsForEveryAgeOfAServer() {
    Bandwidth large = new Bandwidth(999_999_999L * 125_000);
    long years = 100L * 365 * 86_400_000;
    assertTrue(large.take(65_507, NOW));
    assertTrue(large.take(65_507, years));
    large.spend(Integer.MAX_VALUE, years);
    assertTrue(large.hasAny(years));
  }

  @Test
  void severalLoopsTogetherTakeNoMore() throws InterruptedException {
    AtomicInteger taken = new AtomicInteger();
    List<Thread> loops = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      loops.add(Thread.ofPlatform().start(() -> taken.addAndGet(taken(NOW))));
    }
    for (Thread loop : loops) {
      loop.join();
    }
    assertEquals(10, taken.get());
  }
}
