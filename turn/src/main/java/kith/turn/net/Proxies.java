package kith.turn.net;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import kith.turn.IpRange;
import kith.turn.proxy.Introduction;
import kith.turn.proxy.ProxyHeader;
import kith.turn.stun.TransportAddress;

/**
 * The connections of one loop that come from proxies, until those have said whose they are. Of what
 * follows nothing is read: TLS and TURN find their first byte where they look for it.
 */
final class Proxies {
  private static final Logger LOG = System.getLogger("kith.turn");
  private static final int MOST = 1_024;

  private final Selector selector;
  private final List<IpRange> ranges;
  private final long patience;
  private final Set<Waiting> waiting = new LinkedHashSet<>();
  private boolean complained;

  /**
   * @param ranges where proxies are
   * @param patience how long one may take, in milliseconds
   */
  Proxies(Selector selector, List<IpRange> ranges, long patience) {
    this.selector = selector;
    this.ranges = ranges;
    this.patience = patience;
  }

  boolean include(InetAddress address) {
    TransportAddress at = TransportAddress.of(address, 0);
    return ranges.stream().anyMatch(range -> range.contains(at.high(), at.low()));
  }

  /**
   * Waits for the proxy to say whose this is.
   *
   * @param introduced told whose; whoever is told owns the connection
   */
  void ask(SocketChannel channel, long now, Consumer<InetSocketAddress> introduced)
      throws IOException {
    if (waiting.size() >= MOST) {
      throw new IOException("too many connections of proxies wait already");
    }
    channel.configureBlocking(false);
    Waiting one = new Waiting(channel, introduced, now);
    channel.register(selector, SelectionKey.OP_READ, one);
    waiting.add(one);
  }

  /** Ends those that have waited too long. */
  void expire(long now) {
    List.copyOf(waiting).stream().filter(one -> now - one.since > patience).forEach(Waiting::end);
  }

  void close() {
    List.copyOf(waiting).forEach(Waiting::end);
  }

  /** A connection that is nobody's yet. */
  private final class Waiting implements NioEngine.Ready {
    private final SocketChannel channel;
    private final Consumer<InetSocketAddress> introduced;
    private final long since;
    private final ByteBuffer bytes = ByteBuffer.allocate(ProxyHeader.LONGEST);

    Waiting(SocketChannel channel, Consumer<InetSocketAddress> introduced, long since) {
      this.channel = channel;
      this.introduced = introduced;
      this.since = since;
    }

    @Override
    public void ready(SelectionKey key) {
      try {
        read();
      } catch (IOException e) {
        end();
      }
    }

    private void read() throws IOException {
      for (boolean more = true; more; ) {
        more =
            switch (ProxyHeader.read(bytes.array(), bytes.position())) {
              case Introduction.Incomplete header -> read(header.more());
              case Introduction.Client client -> is(client.address().socketAddress());
              case Introduction.Itself itself -> is((InetSocketAddress) channel.getRemoteAddress());
              case Introduction.Malformed malformed -> refuse();
            };
      }
    }

    /** Whether so many bytes were there. */
    private boolean read(int count) throws IOException {
      bytes.limit(bytes.position() + count);
      if (channel.read(bytes) < 0) {
        end();
        return false;
      }
      return !bytes.hasRemaining();
    }

    private boolean is(InetSocketAddress client) {
      complained = false;
      waiting.remove(this);
      introduced.accept(client);
      return false;
    }

    private boolean refuse() throws IOException {
      if (!complained) {
        complained = true;
        LOG.log(
            Level.WARNING,
            "connections of the proxy at "
                + channel.getRemoteAddress()
                + " do not begin with a PROXY header and are refused");
      }
      end();
      return false;
    }

    void end() {
      waiting.remove(this);
      NioEngine.closeQuietly(channel);
    }
  }
}
