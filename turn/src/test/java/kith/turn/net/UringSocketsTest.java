package kith.turn.net;

import org.junit.jupiter.api.condition.EnabledIf;

/** The engine of io_uring, which containers often forbid. */
@EnabledIf("works")
class UringSocketsTest extends SocketsTest {
  static boolean works() {
    return Stations.works(EngineKind.IO_URING);
  }

  UringSocketsTest() {
    super(EngineKind.IO_URING);
  }
}
