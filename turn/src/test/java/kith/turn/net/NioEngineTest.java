package kith.turn.net;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The selector that datagrams and streams share. */
class NioEngineTest {
  private final List<String> happened = new ArrayList<>();

  private final DatagramEngine.Receiver receiver =
      new DatagramEngine.Receiver() {
        @Override
        public void arriving() {
          happened.add("the time is now");
        }

        @Override
        public void unreachable(
            Object owner, long high, long low, int port, int type, int code, int data) {}

        @Override
        public void received(
            Object owner,
            long high,
            long low,
            int port,
            ByteBuffer packet,
            int offset,
            int length) {}
      };

  private Pipe stream(NioEngine engine) throws IOException {
    Pipe pipe = Pipe.open();
    pipe.source().configureBlocking(false);
    NioEngine.Ready ready = key -> happened.add("a stream is read");
    pipe.source().register(engine.selector(), SelectionKey.OP_READ, ready);
    pipe.sink().write(ByteBuffer.allocate(1));
    return pipe;
  }

  @Test
  void theTimeIsReadOnceAWaitIsOverForStreamsToo() throws IOException {
    try (NioEngine engine = new NioEngine()) {
      Pipe one = stream(engine);
      Pipe other = stream(engine);
      engine.poll(Patience.MILLIS, receiver);
      assertEquals(List.of("the time is now", "a stream is read", "a stream is read"), happened);
      one.sink().close();
      other.sink().close();
    }
  }
}
