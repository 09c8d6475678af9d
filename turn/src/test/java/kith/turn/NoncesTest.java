package kith.turn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import kith.turn.Nonces.Kind;
import kith.turn.stun.TransportAddress;
import kith.turn.world.World;
import org.junit.jupiter.api.Test;

/** Nonces that one loop makes and another reads. */
class NoncesTest {
  private static final TransportAddress CLIENT = World.address("198.51.100.7", 4_000);
  private static final long LIFETIME = 60_000;

  private final Nonces nonces = new Nonces(new byte[32], true, LIFETIME);

  @Test
  void aLoopWhoseClockWasReadALittleEarlierTakesOneOfASecondThatHasNotBegunThere() {
    String nonce = nonces.mint(CLIENT, 1_000_000);
    assertEquals(Kind.FRESH, nonces.kindOf(nonce, CLIENT, 999_999));
  }

  @Test
  void ofAnotherPortItSaysWhereItsClientIsAndOfAnotherHostNothing() {
    String nonce = nonces.mint(CLIENT, 1_000_000);
    TransportAddress moved = CLIENT.withPort(4_001);
    assertEquals(Kind.OF_ANOTHER_PORT, nonces.kindOf(nonce, moved, 1_000_000));
    assertEquals(Kind.STALE, nonces.kindOf(nonce, moved, 1_000_000 + LIFETIME));
    TransportAddress elsewhere = World.address("198.51.100.8", CLIENT.port());
    assertEquals(Kind.FOREIGN, nonces.kindOf(nonce, elsewhere, 1_000_000));
  }

  @Test
  void itIsStaleOnceItsLifetimeIsOver() {
    String nonce = nonces.mint(CLIENT, 1_000_000);
    assertEquals(Kind.FRESH, nonces.kindOf(nonce, CLIENT, 1_000_000 + LIFETIME - 1));
    assertEquals(Kind.STALE, nonces.kindOf(nonce, CLIENT, 1_000_000 + LIFETIME));
  }
}
