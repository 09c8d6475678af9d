package kith.turn.net;

import java.net.InetAddress;
import java.util.Map;
import kith.turn.world.World;

/** What servers of the tests have in common: they are on the loopback, and know alice and bob. */
final class OnLoopback {
  private OnLoopback() {}

  /** On a port that is free. */
  static TurnOptions options() {
    return TurnOptions.defaults()
        .withPort(0)
        .withListen(InetAddress.ofLiteral("127.0.0.1"))
        .withRealm(World.REALM)
        .withUsers(Map.of("alice", "wonderland", "bob", "builder"))
        .withLoops(2);
  }
}
