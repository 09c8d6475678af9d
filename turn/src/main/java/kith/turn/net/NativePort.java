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

  private final int fd;
  private final TransportAddress local;

  /** Who gets its packets; null until an engine receives on it. */
  @Nullable Object owner;

  /** The engine that holds packets of this socket back, to send them together. */
  @Nullable MmsgEngine engine;

  /** The engine's list of packets held back: the first and the last of them, -1 for none. */
  int firstPending = -1;

  int lastPending = -1;

  /** What the engine's epoll knows it by. */
  int id = -1;

  private boolean open = true;

  private NativePort(int fd, TransportAddress local) {
    this.fd = fd;
    this.local = local;
  }

  static NativePort bind(Libc libc, TransportAddress address, boolean shared) throws IOException {
    boolean ipv4 = address.family() == AddressFamily.IPV4;
    int fd = libc.udpSocket(ipv4 ? Libc.AF_INET : Libc.AF_INET6);
    try (Arena arena = Arena.ofConfined()) {
      if (!ipv4) {
        libc.setOption(fd, Libc.IPPROTO_IPV6, Libc.IPV6_V6ONLY, 1);
      }
      if (shared) {
        libc.setOption(fd, Libc.SOL_SOCKET, Libc.SO_REUSEPORT, 1);
        libc.setOption(fd, Libc.SOL_SOCKET, Libc.SO_RCVBUF, LISTENER_BUFFER);
        libc.setOption(fd, Libc.SOL_SOCKET, Libc.SO_SNDBUF, LISTENER_BUFFER);
      }
      MemorySegment name = arena.allocate(SocketAddresses.SIZE, 8);
      libc.bind(fd, name, SocketAddresses.write(name, 0, address));
      libc.getsockname(fd, name);
      return new NativePort(fd, SocketAddresses.read(name, 0));
    } catch (IOException | RuntimeException e) {
      Libc.close(fd);
      throw e;
    }
  }

  int fd() {
    return fd;
  }

  boolean isOpen() {
    return open;
  }

  void dontFragment(Libc libc, boolean whole) throws IOException {
    boolean ipv4 = local.family() == AddressFamily.IPV4;
    libc.setOption(
        fd,
        ipv4 ? Libc.IPPROTO_IP : Libc.IPPROTO_IPV6,
        ipv4 ? Libc.IP_MTU_DISCOVER : Libc.IPV6_MTU_DISCOVER,
        whole ? Libc.PMTUDISC_DO : Libc.PMTUDISC_DONT);
  }

  @Override
  public TransportAddress local() {
    return local;
  }

  @Override
  public void close() {
    if (open) {
      MmsgEngine holding = engine;
      if (holding != null) {
        holding.forget(this);
      }
      open = false;
      Libc.close(fd);
    }
  }
}
