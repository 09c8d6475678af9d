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
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;
import kith.turn.Flow;
import kith.turn.Listener;
import kith.turn.TurnCore;
import kith.turn.stun.TransportAddress;
import org.jspecify.annotations.Nullable;

/** The TCP and TLS side of one loop: its acceptors and its connections. */
final class Streams {
  private static final long CHECK_EVERY = 500;
  private static final int BACKLOG = 512;
  private static final int ACCEPTS_AT_ONCE = 64;

  private final Selector selector;
  private final ConnectionLimit limit;
  private final Executor handshakes;
  private final long frameTime;
  private final long idleTime;
  // Room for one frame that has begun and one more.
  private final ByteBuffer buffer =
      ByteBuffer.allocateDirect(2 * Frames.LONGEST + TurnCore.TAILROOM);
  private final Set<StreamConnection> connections = new LinkedHashSet<>();
  private @Nullable Loop loop;
  private long nextCheck;

  Streams(Selector selector, ConnectionLimit limit, Executor handshakes, TurnOptions options) {
    this.selector = selector;
    this.limit = limit;
    this.handshakes = handshakes;
    this.frameTime = options.frameTime().toMillis();
    this.idleTime = options.idleTime().toMillis();
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

  void accept(ServerSocketChannel channel, Listener listener, @Nullable Tls tls)
      throws IOException {
    NioEngine.Ready acceptor = key -> acceptAll(channel, listener, tls);
    channel.register(selector, SelectionKey.OP_ACCEPT, acceptor);
  }

  private void acceptAll(ServerSocketChannel from, Listener listener, @Nullable Tls tls) {
    try {
      for (int i = 0; i < ACCEPTS_AT_ONCE; i++) {
        SocketChannel channel = from.accept();
        if (channel == null) {
          return;
        }
        welcome(channel, listener, tls);
      }
    } catch (IOException e) {
      System.getLogger("kith.turn")
          .log(Level.WARNING, "a connection could not be accepted: " + e.getMessage());
    }
  }

  private void welcome(SocketChannel channel, Listener listener, @Nullable Tls tls) {
    try {
      InetSocketAddress client = (InetSocketAddress) channel.getRemoteAddress();
      if (!limit.take(client.getAddress())) {
        NioEngine.closeQuietly(channel);
        return;
      }
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      SSLEngine engine = tls == null ? null : tls.engine();
      connections.add(
          new StreamConnection(this, listener, channel, engine, TransportAddress.of(client)));
    } catch (IOException e) {
      NioEngine.closeQuietly(channel);
    }
  }

  Executor handshakes() {
    return handshakes;
  }

  void execute(Runnable task) {
    loop().execute(task);
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
      if (connection.isOverdue(now, frameTime, idleTime)) {
        connection.close();
      }
    }
  }

  void close() {
    List.copyOf(connections).forEach(StreamConnection::close);
  }
}
