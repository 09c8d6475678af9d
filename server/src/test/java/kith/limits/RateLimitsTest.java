package kith.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import kith.testing.TestClock;
import org.junit.jupiter.api.Test;

class RateLimitsTest {
  private final TestClock clock = new TestClock();
  private final RateLimits limits = new RateLimits(new RateLimit(3, Duration.ofSeconds(30)), clock);

  @Test
  void aBurstIsAllowedAndNoMore() {
    takes(3);
    assertEquals(Optional.of(Duration.ofSeconds(10)), limits.take("alice"));
  }

  @Test
  void timeBringsThemBackOneByOne() {
    takes(3);
    clock.passes(Duration.ofSeconds(10));
    takes(1);
    assertTrue(limits.take("alice").isPresent());
  }

  @Test
  void noMoreThanABurstIsSavedUp() {
    clock.passes(Duration.ofDays(1));
    takes(3);
    assertTrue(limits.take("alice").isPresent());
  }

  @Test
  void whoOnlyLooksTakesNothing() {
    takes(2);
    assertEquals(Optional.empty(), limits.wait("alice"));
    takes(1);
    assertEquals(Optional.of(Duration.ofSeconds(10)), limits.wait("alice"));
  }

  @Test
  void othersAreNotConcerned() {
    takes(3);
    assertTrue(limits.take("bob").isEmpty());
  }

  @Test
  void whatIsGivenBackCanBeTakenAgain() {
    takes(3);
    limits.giveBack("alice");
    takes(1);
    assertTrue(limits.take("alice").isPresent());
  }

  private void takes(int times) {
    for (int i = 0; i < times; i++) {
      assertEquals(Optional.empty(), limits.take("alice"));
    }
  }
}
