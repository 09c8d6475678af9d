package kith.turn.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.stream.Stream;
import kith.turn.Listener;
import kith.turn.Transport;
import kith.turn.TurnShared;
import kith.turn.stun.MessageClass;
import kith.turn.stun.Method;
import kith.turn.stun.StunMessage;
import kith.turn.stun.StunWriter;
import kith.turn.stun.TransactionId;
import kith.turn.stun.TransportAddress;
import kith.turn.world.World;
import org.junit.jupiter.api.Test;

/** What a loop's connections share: places, and buffers to send from. */
class StreamsTest {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  private final ConnectionLimit limit = new ConnectionLimit(10, 10);
  private final Handshakes handshakes = new Handshakes(Runnable::run, 10);
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
      Streams streams = new Streams(engine.selector(), limit, handshakes, TurnOptions.defaults());
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
    Streams streams = new Streams(engine.selector(), limit, handshakes, options);
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

  // Receiving

  /** What this thread has allocated, as the JVM counts it. */
  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }

  @Test
  void aFrameThatComesByteByByteIsCopiedOnce() throws IOException {
    try (NioEngine engine = new NioEngine()) {
      Streams streams = streamsOf("turn-0", engine, false);
      Sink dribble = new Sink();
      StreamConnection connection =
          new StreamConnection(streams, listener, dribble, World.address("192.0.2.1", 1_024));
      byte[] frame =
          ByteBuffer.allocate(20 + Frames.LONGEST_REQUEST)
              .putShort((short) 1)
              .putShort((short) Frames.LONGEST_REQUEST)
              .putInt(StunMessage.MAGIC_COOKIE)
              .array();
      long before = allocated();
      for (byte one : frame) {
        dribble.coming.add(new byte[] {one});
        connection.ready(null);
      }
      long made = allocated() - before;
      assertTrue(made < 2_000_000, made + " bytes were allocated");
      assertFalse(dribble.isClosed);
    }
  }

  @Test
  void framesAreCutOutWhereverTheStreamIsCut() throws IOException {
    try (NioEngine engine = new NioEngine()) {
      byte[] request =
          StunWriter.of(MessageClass.REQUEST, Method.BINDING, new TransactionId(1, 2)).finish();
      byte[] three = ByteBuffer.allocate(60).put(request).put(request).put(request).array();
      for (int first = 1; first < three.length; first++) {
        Streams streams = streamsOf("turn-" + first, engine, false);
        Sink stream = new Sink();
        StreamConnection connection =
            new StreamConnection(streams, listener, stream, World.address("192.0.2.1", first));
        stream.coming.add(Arrays.copyOf(three, first));
        connection.ready(null);
        stream.coming.add(Arrays.copyOfRange(three, first, three.length));
        connection.ready(null);
        streams.flush();
        assertEquals(3 * 32, stream.taken, "three answers, of 32 bytes each");
      }
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
      Streams streams = new Streams(engine.selector(), limit, handshakes, TurnOptions.defaults());
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

  /** What a test says comes by it, and it takes whatever is written. */
  private static final class Sink implements ByteStream {
    private final Queue<byte[]> coming = new ArrayDeque<>();
    private int taken;
    private boolean isClosed;

    @Override
    public int read(ByteBuffer into) {
      byte[] bytes = coming.poll();
      if (bytes == null) {
        return 0;
      }
      into.put(bytes);
      return bytes.length;
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
