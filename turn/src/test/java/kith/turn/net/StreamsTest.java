package kith.turn.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import kith.turn.Listener;
import kith.turn.Transport;
import kith.turn.TurnShared;
import kith.turn.stun.TransportAddress;
import kith.turn.world.World;
import org.junit.jupiter.api.Test;

/** What a loop's connections share: places, and buffers to send from. */
class StreamsTest {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  private final ConnectionLimit limit = new ConnectionLimit(10, 10);
  private final Listener listener =
      new Listener(Transport.TLS, World.address("127.0.0.1", 5_349), null, null);

  /** Admits one connection whose stream cannot be made. */
  private void admit(Streams.Wrapping failing) throws IOException {
    try (NioEngine engine = new NioEngine();
        ServerSocketChannel listening =
            ServerSocketChannel.open().bind(new InetSocketAddress(LOOPBACK, 0));
        SocketChannel client = SocketChannel.open(listening.getLocalAddress());
        SocketChannel accepted = listening.accept()) {
      assertEquals(client.getLocalAddress(), accepted.getRemoteAddress());
      Streams streams =
          new Streams(engine.selector(), limit, Runnable::run, TurnOptions.defaults());
      try {
        streams.admit(accepted, listener, failing);
      } finally {
        assertFalse(accepted.isOpen());
      }
    }
  }

  @Test
  void aConnectionThatFailsBeforeItBeginsGivesItsPlaceBack() throws IOException {
    admit(
        channel -> {
          assertEquals(1, limit.total());
          throw new IOException("no TLS");
        });
    assertEquals(0, limit.total());
  }

  @Test
  void soDoesOneThatFailsForNoReasonKnown() {
    assertThrows(
        IllegalStateException.class,
        () ->
            admit(
                channel -> {
                  throw new IllegalStateException("nobody thought of this");
                }));
    assertEquals(0, limit.total());
  }

  // Moving to another loop

  private final TurnOptions options = TurnOptions.defaults().withSecrets("secret");
  private final TurnShared shared = new TurnShared(options.settings(), new Random(42));

  private Streams streamsOf(String loop, NioEngine engine, boolean ended) {
    Streams streams = new Streams(engine.selector(), limit, Runnable::run, options);
    Loop owner =
        new Loop(
            loop,
            shared,
            new Random(7),
            new Clock(),
            engine,
            true,
            streams,
            options,
            core -> {
              throw new IllegalStateException("nobody asks");
            });
    if (ended) {
      owner.start();
      owner.stop();
    }
    return streams;
  }

  @Test
  void oneThatIsToGoToALoopThatHasEndedIsClosedAndGivesItsPlaceBack() throws IOException {
    try (NioEngine engine = new NioEngine()) {
      Streams here = streamsOf("turn-0", engine, false);
      Streams there = streamsOf("turn-1", new NioEngine(), true);
      TransportAddress client = World.address("127.0.0.1", 4_000);
      Sink stream = new Sink();
      StreamConnection connection = new StreamConnection(here, listener, stream, client);
      assertTrue(limit.take(client.address()));
      here.entered(connection);
      connection.begin();
      connection.leaveFor(there, new byte[0]);
      connection.ready(null);
      assertTrue(stream.isClosed);
      assertEquals(0, limit.total());
    }
  }

  // Sending

  private static long directBuffers() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .mapToLong(BufferPoolMXBean::getCount)
        .sum();
  }

  @Test
  void manyConnectionsSendFromTheSameFewBuffers() throws IOException {
    try (NioEngine engine = new NioEngine()) {
      Streams streams =
          new Streams(engine.selector(), limit, Runnable::run, TurnOptions.defaults());
      List<Sink> sinks = Stream.generate(Sink::new).limit(1_000).toList();
      List<StreamConnection> connections =
          sinks.stream()
              .map(
                  sink ->
                      new StreamConnection(
                          streams, listener, sink, World.address("192.0.2.1", 1_024)))
              .toList();
      ByteBuffer frame = ByteBuffer.allocate(100);
      long before = directBuffers();

      for (int i = 0; i < 3; i++) {
        connections.forEach(connection -> connection.send(frame, 0, 100, true));
        streams.flush();
      }

      assertTrue(sinks.stream().allMatch(sink -> sink.taken == 300));
      long made = directBuffers() - before;
      assertTrue(made <= 64, made + " buffers were made");
    }
  }

  /** Nothing comes by it, and it takes whatever is written. */
  private static final class Sink implements ByteStream {
    private int taken;
    private boolean isClosed;

    @Override
    public int read(ByteBuffer into) {
      return 0;
    }

    @Override
    public void write(ByteBuffer from) {
      taken += from.remaining();
      from.position(from.limit());
    }

    @Override
    public boolean isHoldingBack() {
      return false;
    }

    @Override
    public void flush() {}

    @Override
    public void serve(Selector selector, NioEngine.Ready whom) {}

    @Override
    public void onWake(Runnable action) {}

    @Override
    public void watch(boolean bytes, boolean room) {}

    @Override
    public void leave() {}

    @Override
    public boolean isEstablished() {
      return true;
    }

    @Override
    public boolean mayGather() {
      return true;
    }

    @Override
    public void close() {
      isClosed = true;
    }
  }
}
