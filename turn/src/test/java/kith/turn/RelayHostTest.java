package kith.turn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.Random;
import java.util.Set;
import kith.turn.stun.TransportAddress;
import kith.turn.world.World;
import org.junit.jupiter.api.Test;

/** Which ports relayed addresses are made of. */
class RelayHostTest {
  private static final TransportAddress HERE = World.address("192.0.2.15", 0);

  private final OwnAddresses own = new OwnAddresses();
  private final RelayHost host = new RelayHost(HERE, HERE, 50_000, 50_000);

  private int claims() {
    return host.claim(new Random(1), false, false);
  }

  @Test
  void aPortIsFreeAgainOnceItIsReleased() {
    own.add(host);
    assertEquals(50_000, claims());
    assertEquals(0, claims());
    host.release(50_000);
    assertEquals(50_000, claims());
  }

  @Test
  void aPortThatTheServerListensOnIsNoRelaysThoughOneHadItBefore() {
    own.add(host);
    assertNotEquals(0, claims());
    own.listensOn(Set.of(50_000, 3_478));
    host.release(50_000);
    assertEquals(0, claims());
  }
}
