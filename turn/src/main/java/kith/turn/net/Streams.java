package kith.turn.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import kith.turn.Command;
import kith.turn.Flow;
import kith.turn.Listener;
import kith.turn.PeerConnection;
import kith.turn.Relay;
import kith.turn.TurnCore;
import kith.turn.stun.TransportAddress;
import org.jspecify.annotations.Nullable;

/** The TCP and TLS side of one loop: its acceptors and its connections. */
final class Streams {
  private static final long CHECK_EVERY = 500;
  private static final long THROTTLED_WAIT = 20;
  private static final int GATHERED = 32 * 1024;
  private static final int MOST_SPARES = 64;
  private static final int BACKLOG = 512;

  private final Selector selector;
  private final ConnectionLimit limit;
  private final Handshakes handshakes;
  private final FailureLog failures = new FailureLog();
  private final long frameTime;
  private final long idleTime;
  private final Proxies proxies;
  // Room for two of the longest frames.
  private final ByteBuffer buffer =
      ByteBuffer.allocateDirect(2 * Frames.LONGEST + TurnCore.TAILROOM);
  private final ArrayDeque<StreamConnection> gathering = new ArrayDeque<>();
  private final ArrayDeque<ByteBuffer> spares = new ArrayDeque<>();
  private final Set<StreamConnection> connections = new LinkedHashSet<>();
  private final Set<DataConnection> throttled = new LinkedHashSet<>();
  // Those that rest, and until when, the first to go on first.
  private final Map<Acceptor, Long> resting = new LinkedHashMap<>();
  private @Nullable Loop loop;
  private long nextCheck;

  /** What makes a stream of bytes of a connection: plain or TLS. */
  interface Wrapping {
    ByteStream of(SocketChannel channel) throws IOException;
  }

  Streams(Selector selector, ConnectionLimit limit, Handshakes handshakes, TurnOptions options) {
    this.selector = selector;
    this.limit = limit;
    this.handshakes = handshakes;
    this.frameTime = options.frameTime().toMillis();
    this.idleTime = options.idleTime().toMillis();
    this.proxies = new Proxies(selector, options.proxies(), frameTime);
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

  /**
   * Binds, and listens, as binding does in Java: a port taken is known at once. Who connects before
   * {@link #accept} waits in the backlog.
   */
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
    Wrapping wrapping =
        tls == null
            ? SocketStream::new
            : accepted -> new TlsStream(accepted, tls::engine, handshakes);
    accept(channel, accepted -> admit(accepted, listener, wrapping));
  }

  private void accept(ServerSocketChannel channel, Consumer<SocketChannel> taker)
      throws IOException {
    Acceptor acceptor =
        new Acceptor(channel::accept, taker, tired -> resting.put(tired, now() + Acceptor.REST));
    channel.register(selector, SelectionKey.OP_ACCEPT, acceptor);
  }

  /** Serves a connection; whose one from a proxy is, its first bytes tell. */
  void admit(SocketChannel channel, Listener listener, Wrapping wrapping) {
    try {
      InetSocketAddress from = (InetSocketAddress) channel.getRemoteAddress();
      if (proxies.include(from.getAddress())) {
        proxies.ask(channel, now(), client -> admit(channel, client, listener, wrapping));
      } else {
        admit(channel, from, listener, wrapping);
      }
    } catch (IOException e) {
      NioEngine.closeQuietly(channel);
    }
  }

  /** Serves a connection, if there is a place for one more from there. */
  private void admit(
      SocketChannel channel, InetSocketAddress client, Listener listener, Wrapping wrapping) {
    try {
      if (limit.take(client.getAddress())) {
        serve(channel, client, listener, wrapping);
      } else {
        NioEngine.closeQuietly(channel);
      }
    } catch (IOException e) {
      NioEngine.closeQuietly(channel);
    }
  }

  private void serve(
      SocketChannel channel, InetSocketAddress client, Listener listener, Wrapping wrapping)
      throws IOException {
    StreamConnection connection;
    try {
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      ByteStream stream = wrapping.of(channel);
      connection = new StreamConnection(this, listener, stream, TransportAddress.of(client));
    } catch (IOException | RuntimeException e) {
      limit.give(client.getAddress());
      NioEngine.closeQuietly(channel);
      throw e;
    }
    // From here on its end gives the place back.
    welcome(connection);
  }

  private void welcome(StreamConnection connection) {
    connections.add(connection);
    connection.begin();
  }

  /**
   * Takes in a stream that something else accepted; its place in the limit is taken already. False
   * when the loop has ended.
   */
  boolean adopt(AdoptedStream stream, Listener listener, TransportAddress client) {
    StreamConnection connection = new StreamConnection(this, listener, stream.bytes(), client);
    return execute(() -> welcome(connection));
  }

  static void move(Command.Move move, Streams to) {
    if (move.flow().connection() instanceof StreamConnection stream) {
      stream.leaveFor(to, move.request());
    }
  }

  /** A connection moves to another loop. */
  void left(StreamConnection connection) {
    connections.remove(connection);
    gathering.remove(connection);
  }

  /** A connection came from another loop. */
  void entered(StreamConnection connection) {
    connections.add(connection);
  }

  // TCP relays (RFC 6062)

  /** Listens at a relayed address; every peer that connects is the core's to admit. */
  AutoCloseable listen(Relay relay) throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open();
    try {
      channel.configureBlocking(false);
      DataConnection.share(channel);
      channel.bind(relay.local().socketAddress(), BACKLOG);
      accept(channel, accepted -> admit(accepted, relay));
      return channel;
    } catch (IOException | RuntimeException e) {
      NioEngine.closeQuietly(channel);
      throw e;
    }
  }

  private void admit(SocketChannel channel, Relay relay) {
    PeerConnection peer = null;
    try {
      channel.configureBlocking(false);
      InetSocketAddress from = (InetSocketAddress) channel.getRemoteAddress();
      peer = loop().core().accepted(relay, TransportAddress.of(from), now());
      if (peer == null) {
        NioEngine.closeQuietly(channel);
      } else {
        peer.socket(DataConnection.accepted(this, peer, channel));
      }
    } catch (IOException e) {
      NioEngine.closeQuietly(channel);
      if (peer != null) {
        loop().core().closed(peer);
      }
    }
    loop().carryOut();
  }

  void connect(PeerConnection peer) {
    try {
      DataConnection data = DataConnection.connecting(this, peer);
      peer.socket(data);
      if (data.isEstablished()) {
        loop().core().connected(peer, now());
      }
    } catch (IOException e) {
      loop().core().closed(peer);
    } catch (RuntimeException e) {
      failures.tell("a peer could not be connected to", e);
      loop().core().closed(peer);
    }
  }

  static void join(PeerConnection peer, Flow client) {
    if (peer.socket() instanceof DataConnection data
        && client.connection() instanceof StreamConnection stream) {
      stream.join(data);
    }
  }

  static void hangUp(PeerConnection peer) {
    if (peer.socket() instanceof DataConnection data) {
      data.close();
    }
  }

  void connected(PeerConnection peer) {
    loop().core().connected(peer, now());
    loop().carryOut();
  }

  void ended(PeerConnection peer) {
    loop().core().closed(peer);
    loop().carryOut();
  }

  boolean mayCarry(PeerConnection peer) {
    return loop().core().mayCarry(peer, now());
  }

  void carried(PeerConnection peer, boolean fromClient, int count) {
    loop().core().carried(peer, fromClient, count, now());
  }

  /** Has this connection go on in a moment: it has spent its bandwidth. */
  void throttle(DataConnection connection) {
    throttled.add(connection);
  }

  /** How long the loop may wait, in milliseconds. */
  long patience() {
    return throttled.isEmpty() ? CHECK_EVERY : THROTTLED_WAIT;
  }

  /** Lets those go on that had spent their bandwidth. */
  void resumeThrottled() {
    if (!throttled.isEmpty()) {
      List<DataConnection> waiting = List.copyOf(throttled);
      throttled.clear();
      waiting.forEach(DataConnection::pump);
    }
  }

  /** Something of a connection's failed, which who has it may be able to bring about at will. */
  void failed(String what, RuntimeException failure) {
    failures.tell(what, failure);
  }

  boolean execute(Runnable task) {
    return loop().execute(task);
  }

  Selector selector() {
    return selector;
  }

  /** The loop's one read buffer, empty. */
  ByteBuffer buffer() {
    return buffer.clear().limit(buffer.capacity() - TurnCore.TAILROOM);
  }

  /**
   * A buffer for what a connection sends in this turn; it is asked to {@link
   * StreamConnection#endTurn} at the turn's end, or before there are more than there are spares.
   */
  ByteBuffer gather(StreamConnection connection) {
    if (gathering.size() == MOST_SPARES) {
      flush();
    }
    gathering.add(connection);
    return spare();
  }

  /** An empty buffer, to {@link #giveBack}. */
  ByteBuffer spare() {
    ByteBuffer spare = spares.poll();
    return spare == null ? ByteBuffer.allocateDirect(GATHERED) : spare;
  }

  /** Takes back a buffer of {@link #gather} or {@link #spare}. */
  void giveBack(ByteBuffer buffer) {
    if (spares.size() < MOST_SPARES && buffer.capacity() == GATHERED) {
      spares.add(buffer.clear());
    }
  }

  /** Sends what the connections gathered: one write for each instead of one for each packet. */
  void flush() {
    for (StreamConnection one = gathering.poll(); one != null; one = gathering.poll()) {
      one.endTurn();
    }
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

  /** Ends the connections that keep us waiting; acceptors that have rested go on. */
  void expire(long now) {
    if (now < nextCheck) {
      return;
    }
    nextCheck = now + CHECK_EVERY;
    resume(now);
    proxies.expire(now);
    for (StreamConnection connection : List.copyOf(connections)) {
      if (connection.isOverdue(now, frameTime, idleTime)) {
        connection.close();
      }
    }
  }

  private void resume(long now) {
    for (Map.Entry<Acceptor, Long> one : List.copyOf(resting.entrySet())) {
      if (now >= one.getValue()) {
        resting.remove(one.getKey());
        one.getKey().resume();
      }
    }
  }

  void close() {
    proxies.close();
    List.copyOf(connections).forEach(StreamConnection::close);
  }
}
