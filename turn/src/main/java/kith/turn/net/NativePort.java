package kith.turn.net;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import kith.turn.net.DatagramEngine.Port;
import kith.turn.stun.AddressFamily;
import kith.turn.stun.TransportAddress;
import org.jspecify.annotations.Nullable;

/** A UDP socket of the C library's. */
final class NativePort implements Port {
  private static final int LISTENER_BUFFER = 4 << 20;
  private static final int RELAY_BUFFER = 1 << 20;

  private static volatile boolean mayForce = true;

  private final int fd;
  private final TransportAddress local;

  /** Who gets its packets; null until an engine receives on it. */
  @Nullable Object owner;

  /** The engine that receives on it, if one does. */
  @Nullable NativeEngine holder;

  /** What that engine knows it by. */
  int id = -1;

  /** The runs of {@link Outgoing} that leave from here: the first and the last, -1 for none. */
  int firstRun = -1;

  int lastRun = -1;

  /** How many packets more go out one by one, because a run of them could not be sent. */
  int singly;

  /** Whether ICMP errors are kept for it, and told. */
  private boolean tellsErrors;

  private boolean open = true;

  private NativePort(int fd, TransportAddress local) {
    this.fd = fd;
    this.local = local;
  }

  static NativePort bind(Libc libc, TransportAddress address, boolean shared) throws IOException {
    return bind(libc, address, shared, false);
  }

  /** Beside a port that gives way, until this one is to {@link #stay}. */
  static NativePort bindBeside(Libc libc, TransportAddress address) throws IOException {
    return bind(libc, address, false, true);
  }

  private static NativePort bind(
      Libc libc, TransportAddress address, boolean shared, boolean beside) throws IOException {
    boolean ipv4 = address.family() == AddressFamily.IPV4;
    int fd = libc.udpSocket(ipv4 ? Libc.AF_INET : Libc.AF_INET6);
    try (Arena arena = Arena.ofConfined()) {
      if (ipv4) {
        fragment(libc, fd);
      } else {
        libc.setOption(fd, Libc.IPPROTO_IPV6, Libc.IPV6_V6ONLY, 1);
      }
      if (shared) {
        libc.setOption(fd, Libc.SOL_SOCKET, Libc.SO_REUSEPORT, 1);
      }
      if (beside) {
        libc.setOption(fd, Libc.SOL_SOCKET, Libc.SO_REUSEADDR, 1);
      }
      int room = shared ? LISTENER_BUFFER : RELAY_BUFFER;
      setBuffers(libc, fd, room);
      // Where several datagrams of one length came as one, they are read as one; older kernels
      // do not know it.
      libc.trySetOption(fd, Libc.SOL_UDP, Libc.UDP_GRO, 1);
      MemorySegment name = arena.allocate(SocketAddresses.SIZE, 8);
      libc.bind(fd, name, SocketAddresses.write(name, 0, address));
      libc.getsockname(fd, name);
      return new NativePort(fd, SocketAddresses.read(name, 0));
    } catch (IOException | RuntimeException e) {
      Libc.close(fd);
      throw e;
    }
  }

  /**
   * Packets over IPv4 may be fragmented on the way (RFC 8656 §14, §15). Linux forbids it unless it
   * is told, and where the ICMP errors of a narrower path are lost, so is all that is large.
   * Whoever makes packets for IPv6 fragments them, as Linux does.
   */
  private static void fragment(Libc libc, int fd) throws IOException {
    // With DONT no error is told of a packet that was sent whole before; not every kernel has OMIT.
    if (!libc.trySetOption(fd, Libc.IPPROTO_IP, Libc.IP_MTU_DISCOVER, Libc.PMTUDISC_OMIT)) {
      libc.setOption(fd, Libc.IPPROTO_IP, Libc.IP_MTU_DISCOVER, Libc.PMTUDISC_DONT);
    }
  }

  /** The administrator may have more than net.core.rmem_max and wmem_max allow everyone. */
  private static void setBuffers(Libc libc, int fd, int room) throws IOException {
    if (mayForce && libc.trySetOption(fd, Libc.SOL_SOCKET, Libc.SO_RCVBUFFORCE, room)) {
      libc.setOption(fd, Libc.SOL_SOCKET, Libc.SO_SNDBUFFORCE, room);
    } else {
      mayForce = false;
      libc.setOption(fd, Libc.SOL_SOCKET, Libc.SO_RCVBUF, room);
      libc.setOption(fd, Libc.SOL_SOCKET, Libc.SO_SNDBUF, room);
    }
  }

  int fd() {
    return fd;
  }

  boolean isOpen() {
    return open;
  }

  boolean tellsErrors() {
    return tellsErrors;
  }

  /** Has the kernel keep the ICMP errors of this socket for {@link ErrorQueue}. */
  boolean tellErrors(Libc libc) {
    tellsErrors =
        isIpv4()
            ? libc.trySetOption(fd, Libc.IPPROTO_IP, Libc.IP_RECVERR, 1)
            : libc.trySetOption(fd, Libc.IPPROTO_IPV6, Libc.IPV6_RECVERR, 1);
    return tellsErrors;
  }

  private boolean isIpv4() {
    return local.family() == AddressFamily.IPV4;
  }

  /** Whether the packets that are sent from now on must not be fragmented. */
  void dontFragment(Libc libc, boolean whole) throws IOException {
    // Not DO: only the first packet that is too big would leave and be told of.
    if (isIpv4() && whole) {
      libc.setOption(fd, Libc.IPPROTO_IP, Libc.IP_MTU_DISCOVER, Libc.PMTUDISC_PROBE);
    } else if (isIpv4()) {
      fragment(libc, fd);
    } else {
      int how = whole ? Libc.PMTUDISC_PROBE : Libc.PMTUDISC_WANT;
      libc.setOption(fd, Libc.IPPROTO_IPV6, Libc.IPV6_MTU_DISCOVER, how);
    }
  }

  @Override
  public TransportAddress local() {
    return local;
  }

  @Override
  public void giveWay() throws IOException {
    // Asked for by the loop that gets it, whose engine is of another kind.
    new Libc().setOption(fd, Libc.SOL_SOCKET, Libc.SO_REUSEADDR, 1);
  }

  /** Nobody may be bound beside it any more. */
  void stay(Libc libc) throws IOException {
    libc.setOption(fd, Libc.SOL_SOCKET, Libc.SO_REUSEADDR, 0);
  }

  @Override
  public void close() {
    if (open) {
      NativeEngine holding = holder;
      if (holding != null) {
        holding.forget(this);
      }
      open = false;
      Libc.close(fd);
    }
  }
}
