package kith.turn.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import kith.turn.Listener;
import kith.turn.Transport;
import kith.turn.world.World;
import org.junit.jupiter.api.Test;

/** The places of connections that could not be served. */
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
}
