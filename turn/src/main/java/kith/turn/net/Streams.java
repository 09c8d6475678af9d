package kith.turn.net;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import kith.turn.Flow;
import kith.turn.Listener;
import kith.turn.TurnCore;
import kith.turn.stun.TransportAddress;
import org.jspecify.annotations.Nullable;

/** The TCP side of one loop: its acceptors and its connections. */
final class Streams {
  private static final long FRAME_TIME = 10_000;
  private static final long IDLE_TIME = 30_000;
  private static final long CHECK_EVERY = 1_000;
  private static final int BACKLOG = 512;
  private static final int ACCEPTS_AT_ONCE = 64;

  private final Selector selector;
  private final ConnectionLimit limit;
  // Room for one frame that has begun and one more.
  private final ByteBuffer buffer =
      ByteBuffer.allocateDirect(2 * Frames.LONGEST + TurnCore.TAILROOM);
  private final Set<StreamConnection> connections = new LinkedHashSet<>();
  private @Nullable Loop loop;
  private long nextCheck;

  Streams(Selector selector, ConnectionLimit limit) {
    this.selector = selector;
    this.limit = limit;
  }

  void attach(Loop owner) {
    loop = owner;
  }

  private Loop loop() {
    if (loop == null) {
      throw new IllegalStateException("no loop yet");
    }
    return loop;
  }

  /** Binds without listening yet, so that a port taken is known at once. */
  static ServerSocketChannel bind(InetSocketAddress local, boolean shared) throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open();
    try {
      channel.configureBlocking(false);
      if (shared) {
        channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
      }
      channel.bind(local, BACKLOG);
      return channel;
    } catch (IOException | RuntimeException e) {
      NioEngine.closeQuietly(channel);
      throw e;
    }
  }

  void accept(ServerSocketChannel channel, Listener listener) throws IOException {
    NioEngine.Ready acceptor = key -> acceptAll(channel, listener);
    channel.register(selector, SelectionKey.OP_ACCEPT, acceptor);
  }

  private void acceptAll(ServerSocketChannel from, Listener listener) {
    try {
      for (int i = 0; i < ACCEPTS_AT_ONCE; i++) {
        SocketChannel channel = from.accept();
        if (channel == null) {
          return;
        }
        welcome(channel, listener);
      }
    } catch (IOException e) {
      System.getLogger("kith.turn")
          .log(Level.WARNING, "a connection could not be accepted: " + e.getMessage());
    }
  }

  private void welcome(SocketChannel channel, Listener listener) {
    try {
      InetSocketAddress client = (InetSocketAddress) channel.getRemoteAddress();
      if (!limit.take(client.getAddress())) {
        NioEngine.closeQuietly(channel);
        return;
      }
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      connections.add(new StreamConnection(this, listener, channel, TransportAddress.of(client)));
    } catch (IOException e) {
      NioEngine.closeQuietly(channel);
    }
  }

  Selector selector() {
    return selector;
  }

  /** The loop's one read buffer, empty. */
  ByteBuffer buffer() {
    return buffer.clear().limit(buffer.capacity() - TurnCore.TAILROOM);
  }

  long now() {
    return loop().now();
  }

  void frame(Flow flow, ByteBuffer bytes, int offset, int length) {
    loop().frame(flow, bytes, offset, length);
  }

  void closed(StreamConnection connection) {
    if (connections.remove(connection)) {
      limit.give(clientOf(connection));
      loop().disconnected(connection.flow());
    }
  }

  private static InetAddress clientOf(StreamConnection connection) {
    return connection.flow().client().address();
  }

  /** Ends the connections that keep us waiting. */
  void expire(long now) {
    if (now < nextCheck) {
      return;
    }
    nextCheck = now + CHECK_EVERY;
    for (StreamConnection connection : List.copyOf(connections)) {
      if (connection.isOverdue(now, FRAME_TIME, IDLE_TIME)) {
        connection.close();
      }
    }
  }

  void close() {
    List.copyOf(connections).forEach(StreamConnection::close);
  }
}
