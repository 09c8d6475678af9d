package kith.turn.net;

import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The engine of io_uring. */
@EnabledOnOs(OS.LINUX)
class UringSocketsTest extends SocketsTest {
  UringSocketsTest() {
    super(EngineKind.IO_URING);
  }
}
