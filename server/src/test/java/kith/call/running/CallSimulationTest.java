package kith.call.running;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Many small worlds in which what can go wrong does; see {@link SimulatedWorld}. Run more of them
 * with {@code -Dkith.simulations=100000}, and one again, with all that happens in it, with {@code
 * -Dkith.seed=77}.
 */
class CallSimulationTest {
  private static final int WORLDS = Integer.getInteger("kith.simulations", 8_000);

  /** What must not be rare, or the worlds show nothing. */
  private static final List<String> COMMON =
      List.of(
          "answered", "connected", "resumed", "went deaf", "server died", "died between two deeds");

  private static final List<String> SEEN =
      List.of("glare, joined", "glare, later stays", "answered again", "left the circle");

  @Test
  void whateverNetworkAndServerDoCallsGoByTheRules() {
    Long seed = Long.getLong("kith.seed");
    if (seed != null) {
      var world = new SimulatedWorld(seed, true);
      String broken = world.lives().orElse("all is well");
      System.out.println(world.story() + "\n" + broken);
      assertTrue(broken.equals("all is well"), broken);
      return;
    }
    Map<String, Integer> counts = new TreeMap<>();
    for (long each = 1; each <= WORLDS; each++) {
      long one = each;
      var world = new SimulatedWorld(one, false);
      world.lives().ifPresent(broken -> tellOf(one, broken));
      world.counts().forEach((what, count) -> counts.merge(what, count, Integer::sum));
    }
    System.out.println(WORLDS + " worlds: " + counts);
    COMMON.forEach(what -> assertTrue(counts.getOrDefault(what, 0) > WORLDS / 2, counts::toString));
    SEEN.forEach(what -> assertTrue(counts.getOrDefault(what, 0) > WORLDS / 50, counts::toString));
  }

  private static void tellOf(long seed, String broken) {
    var again = new SimulatedWorld(seed, true);
    again.lives();
    fail("seed " + seed + " (-Dkith.seed=" + seed + "): " + broken + "\n" + again.story());
  }
}
