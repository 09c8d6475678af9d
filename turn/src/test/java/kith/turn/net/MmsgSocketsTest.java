package kith.turn.net;

import org.junit.jupiter.api.condition.EnabledIf;

/** The engine of recvmmsg and sendmmsg, which Linux has on some architectures. */
@EnabledIf("works")
class MmsgSocketsTest extends SocketsTest {
  static boolean works() {
    return Stations.works(EngineKind.MMSG);
  }

  MmsgSocketsTest() {
    super(EngineKind.MMSG);
  }
}
