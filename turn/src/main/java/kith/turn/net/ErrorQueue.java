package kith.turn.net;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Reads the ICMP errors that Linux keeps for a socket (IP_RECVERR of ip(7), MSG_ERRQUEUE of
 * recv(2)). An error that waits also fails the next call on that socket, once, whomever that is
 * for: a call that failed is made once more before its packet counts as lost.
 */
final class ErrorQueue {
  /** How many errors of one socket are told at once. The rest wait for the next turn. */
  static final int AT_ONCE = 16;

  // cmsghdr, struct sock_extended_err, and the address of whoever sent the ICMP packet.
  private static final int ERROR = Outgoing.CMSG_DATA;
  private static final int ORIGIN = ERROR + 4;
  private static final int TYPE = ERROR + 5;
  private static final int CODE = ERROR + 6;
  private static final int INFO = ERROR + 8;
  private static final int ERROR_END = ERROR + 16;
  private static final int CONTROL = ERROR_END + SocketAddresses.SIZE;

  // linux/errqueue.h
  private static final int SO_EE_ORIGIN_ICMP = 2;
  private static final int SO_EE_ORIGIN_ICMP6 = 3;

  private final Arena arena = Arena.ofAuto();
  private final MemorySegment names =
      arena.allocate((long) AT_ONCE * SocketAddresses.SIZE, Long.BYTES);
  private final MemorySegment controls = arena.allocate((long) AT_ONCE * CONTROL, Long.BYTES);
  private final MemorySegment messages =
      arena.allocate((long) AT_ONCE * Outgoing.MMSGHDR, Long.BYTES);
  private final Libc libc;

  ErrorQueue(Libc libc) {
    this.libc = libc;
    for (int i = 0; i < AT_ONCE; i++) {
      long message = (long) i * Outgoing.MMSGHDR;
      long name = names.address() + (long) i * SocketAddresses.SIZE;
      messages.set(JAVA_LONG, message + Outgoing.MSG_NAME, name);
      long control = controls.address() + (long) i * CONTROL;
      messages.set(JAVA_LONG, message + Outgoing.MSG_CONTROL, control);
    }
  }

  /**
   * Tells the errors that wait at this port, together with its owner.
   *
   * @return how many there were; when {@link #AT_ONCE}, more may wait
   */
  int read(NativePort port, Object owner, DatagramEngine.Receiver receiver) {
    for (int i = 0; i < AT_ONCE; i++) {
      long message = (long) i * Outgoing.MMSGHDR;
      messages.set(JAVA_INT, message + Outgoing.MSG_NAMELEN, SocketAddresses.SIZE);
      messages.set(JAVA_LONG, message + Outgoing.MSG_CONTROLLEN, CONTROL);
    }
    int count = libc.receiveErrors(port.fd(), messages, AT_ONCE);
    for (int i = 0; i < count; i++) {
      tell(i, owner, receiver);
    }
    return Math.max(count, 0);
  }

  private void tell(int message, Object owner, DatagramEngine.Receiver receiver) {
    long header = (long) message * Outgoing.MMSGHDR;
    int named = messages.get(JAVA_INT, header + Outgoing.MSG_NAMELEN);
    long length = messages.get(JAVA_LONG, header + Outgoing.MSG_CONTROLLEN);
    long control = (long) message * CONTROL;
    if (named < SocketAddresses.LENGTH_IPV4 || length < ERROR_END || !isError(control)) {
      return;
    }
    // What the machine itself found wrong with a packet has no type of ICMP's.
    int origin = controls.get(JAVA_BYTE, control + ORIGIN);
    if (origin == SO_EE_ORIGIN_ICMP || origin == SO_EE_ORIGIN_ICMP6) {
      long to = (long) message * SocketAddresses.SIZE;
      receiver.unreachable(
          owner,
          SocketAddresses.high(names, to),
          SocketAddresses.low(names, to),
          SocketAddresses.port(names, to),
          controls.get(JAVA_BYTE, control + TYPE) & 0xFF,
          controls.get(JAVA_BYTE, control + CODE) & 0xFF,
          controls.get(JAVA_INT, control + INFO));
    }
  }

  private boolean isError(long control) {
    int level = controls.get(JAVA_INT, control + Outgoing.CMSG_LEVEL);
    int type = controls.get(JAVA_INT, control + Outgoing.CMSG_TYPE);
    return level == Libc.IPPROTO_IP && type == Libc.IP_RECVERR
        || level == Libc.IPPROTO_IPV6 && type == Libc.IPV6_RECVERR;
  }
}
