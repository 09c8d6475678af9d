package kith.turn.net;

/** The portable engine. */
class NioSocketsTest extends SocketsTest {
  NioSocketsTest() {
    super(EngineKind.NIO);
  }
}
