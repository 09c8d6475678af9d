package kith.turn.net;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import kith.turn.stun.TransportAddress;

/** Sees the IPv4 headers of the UDP packets that come to this machine; root may have one. */
final class Tap implements AutoCloseable {
  private static final int SOCK_RAW = 3;
  private static final int IPPROTO_UDP = 17;
  private static final int SO_RCVTIMEO = 20;
  private static final int DONT_FRAGMENT = 0x40;
  private static final Linker LINKER = Linker.nativeLinker();
  private static final MethodHandle SOCKET = call("socket", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle SETSOCKOPT =
      call("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle RECV =
      call("recv", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment packet = arena.allocate(65_535, 8);
  private final int fd;

  private static MethodHandle call(String name, MemoryLayout result, MemoryLayout... arguments) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name), FunctionDescriptor.of(result, arguments));
  }

  Tap() throws Throwable {
    fd = (int) SOCKET.invokeExact(Libc.AF_INET, SOCK_RAW, IPPROTO_UDP);
    assumeTrue(fd >= 0, "this needs root");
    MemorySegment seconds = arena.allocate(16, 8);
    seconds.set(JAVA_LONG, 0, Patience.MILLIS / 1_000);
    int set = (int) SETSOCKOPT.invokeExact(fd, Libc.SOL_SOCKET, SO_RCVTIMEO, seconds, 16);
    assumeTrue(set == 0, "it would wait for ever");
  }

  /** Whether the next packet from there to there must not be fragmented. */
  boolean seesWhole(TransportAddress from, TransportAddress to) throws Throwable {
    while ((long) RECV.invokeExact(fd, packet, packet.byteSize(), 0) > 0) {
      int udp = (packet.get(JAVA_BYTE, 0) & 0x0F) * 4;
      if (port(udp) == from.port() && port(udp + 2) == to.port()) {
        return (packet.get(JAVA_BYTE, 6) & DONT_FRAGMENT) != 0;
      }
    }
    return fail("no packet from " + from + " to " + to);
  }

  private int port(int at) {
    return (packet.get(JAVA_BYTE, at) & 0xFF) << 8 | packet.get(JAVA_BYTE, at + 1) & 0xFF;
  }

  @Override
  public void close() {
    Libc.close(fd);
    arena.close();
  }
}
