package kith.call.running;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two to three users on five devices do whatever they like, from a seed: call, answer, forge,
 * vanish, come back; connections die unnoticed, the server crashes. What must hold, holds at every
 * step.
 */
class CallChaosTest {
  private static final int WORLDS = 400;
  private static final int STEPS = 120;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void holdsWhatMustHold(long seed) {
    int answered = 0;
    int glares = 0;
    int resumed = 0;
    int takenBeside = 0;
    for (int i = 0; i < WORLDS; i++) {
      long worldSeed = seed * 1_000_000 + i;
      var world = new ChaoticWorld(worldSeed);
      try {
        for (int step = 0; step < STEPS; step++) {
          world.step();
          world.check();
        }
        world.everyoneGoesHome();
        world.check();
        assertEquals(0, world.running(), "calls run that nobody is in");
      } catch (AssertionError | RuntimeException broken) {
        throw new AssertionError(
            "seed " + worldSeed + "\n" + String.join("\n", world.story()), broken);
      }
      answered += world.answered;
      glares += world.glares;
      resumed += world.resumed;
      takenBeside += world.takenBeside;
    }
    assertTrue(answered > WORLDS / 2, "hardly anyone answers: " + answered);
    assertTrue(glares > WORLDS / 10, "hardly any glare: " + glares);
    assertTrue(takenBeside > WORLDS / 20, "hardly any call that waited: " + takenBeside);
    assertTrue(resumed > WORLDS / 4, "hardly anyone comes back: " + resumed);
  }

  @ParameterizedTest
  @ValueSource(longs = {7, 8})
  void endsEveryCallThatIsLeftAlone(long seed) {
    for (int i = 0; i < WORLDS; i++) {
      var world = new ChaoticWorld(seed * 1_000_000 + i);
      for (int step = 0; step < STEPS / 2; step++) {
        world.step();
      }
      world.time.goOn(Duration.ofMinutes(2));
      assertFalse(world.anyoneRings(), () -> String.join("\n", world.story()));
    }
  }
}
