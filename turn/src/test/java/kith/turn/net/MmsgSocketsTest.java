package kith.turn.net;

import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The engine of recvmmsg and sendmmsg. */
@EnabledOnOs(OS.LINUX)
class MmsgSocketsTest extends SocketsTest {
  MmsgSocketsTest() {
    super(EngineKind.MMSG);
  }
}
