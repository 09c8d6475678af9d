package kith.turn.net;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import kith.turn.PeerConnection;
import kith.turn.stun.AddressFamily;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection with a peer (RFC 6062), and the client's that is joined with it: bytes go both
 * ways as they are. An end that does not read is waited for, and the other end with it; nothing is
 * read from the peer before there is a client to give it to.
 */
final class DataConnection implements NioEngine.Ready {
  private static final int ROUNDS_AT_ONCE = 8;

  private final Streams streams;
  private final PeerConnection peer;
  private final SocketChannel channel;
  private final SelectionKey key;
  private final Half toPeer = new Half(true);
  private final Half toClient = new Half(false);
  private @Nullable StreamConnection client;
  private boolean connecting;
  private boolean throttled;
  private boolean open = true;

  private DataConnection(
      Streams streams, PeerConnection peer, SocketChannel channel, boolean connecting)
      throws IOException {
    this.streams = streams;
    this.peer = peer;
    this.channel = channel;
    this.connecting = connecting;
    this.key = channel.register(streams.selector(), connecting ? SelectionKey.OP_CONNECT : 0, this);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
  }

  /** A connection that a peer made. */
  static DataConnection accepted(Streams streams, PeerConnection peer, SocketChannel channel)
      throws IOException {
    return new DataConnection(streams, peer, channel, false);
  }

  /** Begins to connect from the relayed address to the peer; the core is told how it ends. */
  static DataConnection connecting(Streams streams, PeerConnection peer) throws IOException {
    boolean ipv4 = peer.wire().family() == AddressFamily.IPV4;
    SocketChannel channel =
        SocketChannel.open(ipv4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6);
    try {
      channel.configureBlocking(false);
      share(channel);
      channel.bind(peer.relay().local().socketAddress());
      boolean there = channel.connect(peer.wire().socketAddress());
      return new DataConnection(streams, peer, channel, !there);
    } catch (IOException | RuntimeException e) {
      NioEngine.closeQuietly(channel);
      throw e;
    }
  }

  /** A relayed address is listened on and connected from at once. */
  static void share(NetworkChannel channel) throws IOException {
    channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
    if (channel.supportedOptions().contains(StandardSocketOptions.SO_REUSEPORT)) {
      channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
    }
  }

  boolean isEstablished() {
    return !connecting;
  }

  @Override
  public void ready(SelectionKey selected) {
    if (!connecting) {
      pump();
      return;
    }
    try {
      if (channel.finishConnect()) {
        connecting = false;
        key.interestOps(0);
        streams.connected(peer);
      }
    } catch (IOException | RuntimeException e) {
      end();
    }
  }

  /**
   * @param early bytes the client sent behind its request already
   */
  void join(StreamConnection bound, @Nullable ByteBuffer early) {
    client = bound;
    toPeer.waiting = early;
    if (early != null) {
      streams.carried(peer, true, early.remaining());
    }
  }

  /** Carries what can be carried now. */
  void pump() {
    throttled = false;
    try {
      carry(toPeer);
      carry(toClient);
      watch();
    } catch (IOException | RuntimeException e) {
      end();
    }
  }

  private void carry(Half half) throws IOException {
    for (int i = 0; i < ROUNDS_AT_ONCE && open; i++) {
      if (!half.deliver()) {
        return;
      }
      if (half.ended) {
        end();
        return;
      }
      if (!streams.mayCarry(peer)) {
        throttled = true;
        streams.throttle(this);
        return;
      }
      if (!half.read()) {
        return;
      }
    }
  }

  private void watch() {
    StreamConnection other = client;
    if (!open || other == null) {
      return;
    }
    boolean fromPeer = toClient.waiting == null && !throttled;
    int room = toPeer.waiting == null ? 0 : SelectionKey.OP_WRITE;
    key.interestOps((fromPeer ? SelectionKey.OP_READ : 0) | room);
    other.watch(toPeer.waiting == null && !throttled, toClient.waiting != null);
  }

  /** One direction. */
  private final class Half {
    private final boolean fromClient;
    private @Nullable ByteBuffer waiting;
    private boolean ended;

    Half(boolean fromClient) {
      this.fromClient = fromClient;
    }

    /** Whether all that was read is delivered. */
    boolean deliver() throws IOException {
      StreamConnection other = client;
      ByteBuffer bytes = waiting;
      if (other == null) {
        return false;
      }
      if (fromClient && bytes != null) {
        channel.write(bytes);
      } else if (!fromClient && !other.deliver(bytes)) {
        return false;
      }
      if (bytes != null && bytes.hasRemaining()) {
        return false;
      }
      release();
      return true;
    }

    /** Whether there was anything to read, if only the end. */
    boolean read() throws IOException {
      StreamConnection other = client;
      if (other == null) {
        return false;
      }
      ByteBuffer bytes = streams.spare();
      int count = fromClient ? other.stream().read(bytes) : channel.read(bytes);
      waiting = bytes.flip();
      if (count <= 0) {
        release();
        ended = count < 0;
        return ended;
      }
      streams.carried(peer, fromClient, count);
      return true;
    }

    private void release() {
      if (waiting != null) {
        streams.giveBack(waiting);
        waiting = null;
      }
    }
  }

  /** One of the two ends is gone: so is the other (RFC 6062 §5.4). */
  void end() {
    if (open) {
      close();
      streams.ended(peer);
    }
  }

  void close() {
    if (open) {
      open = false;
      toPeer.release();
      toClient.release();
      NioEngine.closeQuietly(channel);
      if (client != null) {
        client.close();
      }
    }
  }
}
