package kith.turn.net;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.net.BindException;

/**
 * The calls of Linux's C library that the native engines make, on 64-bit x86 and ARM. One instance
 * belongs to one thread: it keeps the errno of the last call.
 */
final class Libc {
  static final int AF_INET = 2;
  static final int AF_INET6 = 10;
  static final int SOL_SOCKET = 1;
  static final int SO_REUSEADDR = 2;
  static final int SO_SNDBUF = 7;
  static final int SO_RCVBUF = 8;
  static final int SO_REUSEPORT = 15;
  static final int SO_SNDBUFFORCE = 32;
  static final int SO_RCVBUFFORCE = 33;
  static final int IPPROTO_IP = 0;
  static final int IPPROTO_IPV6 = 41;
  static final int IP_MTU_DISCOVER = 10;
  static final int IP_RECVERR = 11;
  static final int IPV6_MTU_DISCOVER = 23;
  static final int IPV6_RECVERR = 25;
  static final int IPV6_V6ONLY = 26;
  static final int PMTUDISC_DONT = 0;
  static final int PMTUDISC_WANT = 1;
  static final int PMTUDISC_PROBE = 3;
  static final int PMTUDISC_OMIT = 5;
  static final int SOL_UDP = 17;
  static final int UDP_SEGMENT = 103;
  static final int UDP_GRO = 104;
  static final int MSG_DONTWAIT = 0x40;
  static final int MSG_ERRQUEUE = 0x2000;
  static final int EPOLLIN = 1;
  static final int EPOLLERR = 8;
  static final int EPOLL_CTL_ADD = 1;
  static final int EPOLL_CTL_DEL = 2;
  static final int EAGAIN = 11;
  static final int EADDRINUSE = 98;

  private static final int PR_SET_TIMERSLACK = 29;
  private static final int SOCK_DGRAM = 2;
  private static final int SOCK_NONBLOCK = 0x800;
  private static final int SOCK_CLOEXEC = 0x80000;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
  private static final long ERRNO =
      STATE.byteOffset(MemoryLayout.PathElement.groupElement("errno"));

  private static final MethodHandle SOCKET = call("socket", JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle BIND = call("bind", JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle GETSOCKNAME = call("getsockname", JAVA_INT, ADDRESS, ADDRESS);
  private static final MethodHandle SETSOCKOPT =
      call("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle CLOSE = plainCall("close", JAVA_INT);
  private static final MethodHandle EVENTFD = call("eventfd", JAVA_INT, JAVA_INT);
  private static final MethodHandle EPOLL_CREATE = call("epoll_create1", JAVA_INT);
  private static final MethodHandle EPOLL_CTL =
      call("epoll_ctl", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);
  // Called for every batch, so without errno: to capture it makes an object per call.
  private static final MethodHandle EPOLL_WAIT =
      plainCall("epoll_wait", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
  private static final MethodHandle RECVMMSG =
      plainCall("recvmmsg", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
  private static final MethodHandle SENDMMSG =
      plainCall("sendmmsg", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
  private static final MethodHandle SENDMMSG_ERRNO =
      call("sendmmsg", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
  private static final MethodHandle PRCTL =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("prctl"),
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG),
          Linker.Option.firstVariadicArg(1));
  private static final MethodHandle READ = callLong("read", JAVA_INT, ADDRESS, JAVA_LONG);
  private static final MethodHandle WRITE = callLong("write", JAVA_INT, ADDRESS, JAVA_LONG);

  private final Arena arena = Arena.ofAuto();
  private final MemorySegment state = arena.allocate(STATE);
  private final MemorySegment scratch = arena.allocate(8, 8);
  private final MemorySegment counter = arena.allocate(8, 8);

  private static MethodHandle call(String name, MemoryLayout... arguments) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name),
        FunctionDescriptor.of(JAVA_INT, arguments),
        Linker.Option.captureCallState("errno"));
  }

  private static MethodHandle plainCall(String name, MemoryLayout... arguments) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name), FunctionDescriptor.of(JAVA_INT, arguments));
  }

  private static MethodHandle callLong(String name, MemoryLayout... arguments) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name),
        FunctionDescriptor.of(JAVA_LONG, arguments),
        Linker.Option.captureCallState("errno"));
  }

  int errno() {
    return state.get(JAVA_INT, ERRNO);
  }

  /** From the state that another call captured. */
  static int errno(MemorySegment captured) {
    return captured.get(JAVA_INT, ERRNO);
  }

  private int checked(int result, String what) throws IOException {
    if (result < 0) {
      throw errno() == EADDRINUSE
          ? new BindException("Address already in use")
          : new IOException(what + ": errno " + errno());
    }
    return result;
  }

  static RuntimeException impossible(Throwable e) {
    return new IllegalStateException("a native call throws nothing", e);
  }

  int udpSocket(int family) throws IOException {
    try {
      return checked(
          (int) SOCKET.invokeExact(state, family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0),
          "socket");
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  void bind(int fd, MemorySegment address, int length) throws IOException {
    try {
      checked((int) BIND.invokeExact(state, fd, address, length), "bind");
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /** Writes the address the socket is bound to into {@code address}. */
  void getsockname(int fd, MemorySegment address) throws IOException {
    try {
      scratch.set(JAVA_INT, 0, (int) address.byteSize());
      checked((int) GETSOCKNAME.invokeExact(state, fd, address, scratch), "getsockname");
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  void setOption(int fd, int level, int option, int value) throws IOException {
    try {
      scratch.set(JAVA_INT, 0, value);
      checked((int) SETSOCKOPT.invokeExact(state, fd, level, option, scratch, 4), "setsockopt");
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /** As {@link #setOption}; false where the kernel does not know it. */
  boolean trySetOption(int fd, int level, int option, int value) {
    try {
      setOption(fd, level, option, value);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Whether the kernel cuts a run of datagrams that is sent as one: since Linux 4.18. */
  boolean cutsRuns() throws IOException {
    int fd = udpSocket(AF_INET);
    try {
      return trySetOption(fd, SOL_UDP, UDP_SEGMENT, 0);
    } finally {
      close(fd);
    }
  }

  /** Any thread may close what it owns. */
  static void close(int fd) {
    try {
      int ignored = (int) CLOSE.invokeExact(fd);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  int eventfd() throws IOException {
    try {
      return checked((int) EVENTFD.invokeExact(state, 0, SOCK_NONBLOCK | SOCK_CLOEXEC), "eventfd");
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /**
   * Adds one to an eventfd; unlike the rest, any thread may do this with a {@code Libc} of its own.
   */
  void signal(int eventfd) {
    try {
      counter.set(JAVA_LONG, 0, 1);
      long ignored = (long) WRITE.invokeExact(state, eventfd, counter, 8L);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  void clear(int eventfd) {
    try {
      long ignored = (long) READ.invokeExact(state, eventfd, counter, 8L);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  int epollCreate() throws IOException {
    try {
      return checked((int) EPOLL_CREATE.invokeExact(state, SOCK_CLOEXEC), "epoll_create1");
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  void epollControl(int epoll, int operation, int fd, MemorySegment event) throws IOException {
    try {
      checked((int) EPOLL_CTL.invokeExact(state, epoll, operation, fd, event), "epoll_ctl");
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /** Takes a descriptor out of an epoll; nothing happens when it is not in it. */
  void epollDelete(int epoll, int fd) {
    try {
      int ignored =
          (int) EPOLL_CTL.invokeExact(state, epoll, EPOLL_CTL_DEL, fd, MemorySegment.NULL);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /**
   * Has the kernel wake the calling thread when it asked to be, and not up to 50 microseconds
   * later.
   */
  static void wakePunctually() {
    try {
      int ignored = (int) PRCTL.invokeExact(PR_SET_TIMERSLACK, 1L);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /** The number of events, 0 also when a signal interrupted the wait. */
  int epollWait(int epoll, MemorySegment events, int most, int millis) {
    try {
      return Math.max(0, (int) EPOLL_WAIT.invokeExact(epoll, events, most, millis));
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /** The number of messages, or -1: none are there, or an error of an earlier one was waiting. */
  int recvmmsg(int fd, MemorySegment messages, int count) {
    try {
      return (int) RECVMMSG.invokeExact(fd, messages, count, MSG_DONTWAIT, MemorySegment.NULL);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /** The number of ICMP and other errors that were kept for the socket (IP_RECVERR), or -1. */
  int receiveErrors(int fd, MemorySegment messages, int count) {
    try {
      int flags = MSG_ERRQUEUE | MSG_DONTWAIT;
      return (int) RECVMMSG.invokeExact(fd, messages, count, flags, MemorySegment.NULL);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /**
   * The number of messages sent; -1 when none was, because of the first: {@link #sendFirst} tells
   * why.
   */
  int sendmmsg(int fd, MemorySegment messages, int count) {
    try {
      return (int) SENDMMSG.invokeExact(fd, messages, count, MSG_DONTWAIT);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /** Sends the first message only: 1, or -1 and {@link #errno}. */
  int sendFirst(int fd, MemorySegment messages) {
    try {
      return (int) SENDMMSG_ERRNO.invokeExact(state, fd, messages, 1, MSG_DONTWAIT);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }
}
