package kith.turn.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import jdk.net.ExtendedSocketOptions;
import kith.turn.TurnCore;
import kith.turn.stun.AddressFamily;
import kith.turn.stun.TransportAddress;
import org.jspecify.annotations.Nullable;

/**
 * The portable engine: non-blocking channels and one direct buffer. Its selector also serves the
 * loop's streams. It tells no ICMP errors: the JDK reports them for connected channels only, and
 * without their type.
 */
final class NioEngine implements DatagramEngine {
  private static final int LARGEST = 65_535;
  private static final int PACKETS_AT_ONCE = 64;
  private static final int LISTENER_BUFFER = 4 << 20;
  private static final int RELAY_BUFFER = 1 << 20;
  // How much longer than asked Linux lets a thread sleep.
  private static final long TIMER_SLACK = 50_000;

  private final Selector selector = Selector.open();
  private final ByteBuffer packet =
      ByteBuffer.allocateDirect(TurnCore.HEADROOM + LARGEST + TurnCore.TAILROOM);
  private final FailureLog failures = new FailureLog();
  // Made once: each turn would make another.
  private final Consumer<SelectionKey> dispatch = this::dispatch;
  private @Nullable Receiver receiver;
  // Nothing of what this poll found has been handed over yet.
  private boolean arriving;

  /** What a selection key of the loop is attached to. */
  interface Ready {
    void ready(SelectionKey key);
  }

  NioEngine() throws IOException {}

  Selector selector() {
    return selector;
  }

  /** A bound channel. */
  private record NioPort(DatagramChannel channel, TransportAddress local) implements Port {
    @Override
    public void giveWay() throws IOException {
      channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
    }

    @Override
    public void close() {
      closeQuietly(channel);
    }
  }

  /** A channel this engine receives on. */
  private final class Reader implements Ready {
    private final DatagramChannel channel;
    private final Object owner;
    // The JDK hands out the same address object for as long as the source stays the same. The
    // others are not remembered: it has made theirs anew by then, and who is looked for in a table
    // may have chosen an address that takes long to be found.
    private @Nullable InetSocketAddress lastSource;
    private TransportAddress lastAddress = new TransportAddress(0, 0, 0);

    Reader(DatagramChannel channel, Object owner) {
      this.channel = channel;
      this.owner = owner;
    }

    @Override
    public void ready(SelectionKey key) {
      for (int i = 0; i < PACKETS_AT_ONCE && channel.isOpen(); i++) {
        if (!readOne()) {
          return;
        }
      }
    }

    private boolean readOne() {
      try {
        packet.clear().position(TurnCore.HEADROOM).limit(TurnCore.HEADROOM + LARGEST);
        InetSocketAddress source = (InetSocketAddress) channel.receive(packet);
        if (source == null) {
          return false;
        }
        int length = packet.position() - TurnCore.HEADROOM;
        packet.clear();
        TransportAddress from = addressOf(source);
        Receiver to = receiver;
        if (to != null) {
          to.received(
              owner, from.high(), from.low(), from.port(), packet, TurnCore.HEADROOM, length);
        }
        return true;
      } catch (IOException e) {
        // An ICMP error of an earlier packet surfaces here; the next read goes on.
        return channel.isOpen();
      }
    }

    private TransportAddress addressOf(InetSocketAddress source) {
      if (source != lastSource) {
        lastSource = source;
        lastAddress = TransportAddress.of(source);
      }
      return lastAddress;
    }
  }

  @Override
  public Port bind(TransportAddress local, boolean shared) throws IOException {
    return bind(local, shared, false);
  }

  @Override
  public Port replace(Port former) throws IOException {
    former.giveWay();
    NioPort port = bind(former.local(), false, true);
    former.close();
    port.channel().setOption(StandardSocketOptions.SO_REUSEADDR, false);
    return port;
  }

  /**
   * @param beside whether another socket gives way
   */
  private static NioPort bind(TransportAddress local, boolean shared, boolean beside)
      throws IOException {
    boolean ipv4 = local.family() == AddressFamily.IPV4;
    DatagramChannel channel =
        DatagramChannel.open(ipv4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6);
    try {
      channel.configureBlocking(false);
      if (shared) {
        channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
      }
      if (beside) {
        channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      }
      if (ipv4 && channel.supportedOptions().contains(ExtendedSocketOptions.IP_DONTFRAGMENT)) {
        // Linux forbids it unless it is told not to (RFC 8656 §14, §15).
        channel.setOption(ExtendedSocketOptions.IP_DONTFRAGMENT, false);
      }
      int room = shared ? LISTENER_BUFFER : RELAY_BUFFER;
      channel.setOption(StandardSocketOptions.SO_RCVBUF, room);
      channel.setOption(StandardSocketOptions.SO_SNDBUF, room);
      channel.bind(local.socketAddress());
      return new NioPort(
          channel, TransportAddress.of((InetSocketAddress) channel.getLocalAddress()));
    } catch (IOException | RuntimeException e) {
      closeQuietly(channel);
      throw e;
    }
  }

  @Override
  public boolean takes(Port port) {
    return port instanceof NioPort;
  }

  @Override
  public boolean tellErrors(Port port) {
    return false;
  }

  @Override
  public long takeLost() {
    return 0;
  }

  @Override
  public void receive(Port port, Object owner) throws IOException {
    DatagramChannel channel = ((NioPort) port).channel();
    channel.register(selector, SelectionKey.OP_READ, new Reader(channel, owner));
  }

  @Override
  public void release(Port port) {
    SelectionKey key = ((NioPort) port).channel().keyFor(selector);
    if (key != null) {
      key.cancel();
      letGo();
    }
  }

  /**
   * Has the selector forget cancelled keys now: until then a channel that is closed stays bound,
   * and another engine could not bind its address.
   */
  private void letGo() {
    try {
      selector.selectNow(ready -> {}); // what is ready now will be so at the next poll, too
    } catch (IOException e) {
      System.getLogger("kith.turn").log(System.Logger.Level.DEBUG, "while letting go", e);
    }
  }

  @Override
  public boolean send(
      Port from,
      TransportAddress to,
      ByteBuffer data,
      int offset,
      int length,
      boolean dontFragment) {
    DatagramChannel channel = ((NioPort) from).channel();
    try {
      data.limit(offset + length).position(offset);
      return dontFragment
          ? sendWhole(channel, data, to.socketAddress()) > 0
          : channel.send(data, to.socketAddress()) > 0 || length == 0;
    } catch (IOException e) {
      return false;
    } finally {
      data.clear();
    }
  }

  /** The bit belongs to the socket, so it is set for this packet only. */
  private static int sendWhole(DatagramChannel channel, ByteBuffer data, InetSocketAddress to)
      throws IOException {
    channel.setOption(ExtendedSocketOptions.IP_DONTFRAGMENT, true);
    try {
      return channel.send(data, to);
    } finally {
      channel.setOption(ExtendedSocketOptions.IP_DONTFRAGMENT, false);
    }
  }

  @Override
  public void poll(long timeoutMillis, Receiver to) throws IOException {
    receiver = to;
    arriving = true;
    if (timeoutMillis <= 0) {
      selector.selectNow(dispatch);
    } else {
      selector.select(dispatch, timeoutMillis);
    }
  }

  private void dispatch(SelectionKey key) {
    Receiver to = receiver;
    if (arriving && to != null) {
      arriving = false;
      to.arriving();
    }
    try {
      if (key.isValid() && key.attachment() instanceof Ready ready) {
        ready.ready(key);
      }
    } catch (RuntimeException e) {
      // Or whoever is behind it would have to wait, turn by turn.
      failures.tell("a socket could not be served", e);
    }
  }

  @Override
  public void pause() {
    LockSupport.parkNanos(Pace.PAUSE - TIMER_SLACK);
  }

  @Override
  public void wake() {
    selector.wakeup();
  }

  @Override
  public void close() {
    selector.keys().forEach(key -> closeQuietly(key.channel()));
    closeQuietly(selector);
  }

  static void closeQuietly(AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception e) {
      System.getLogger("kith.turn").log(System.Logger.Level.DEBUG, "while closing", e);
    }
  }
}
