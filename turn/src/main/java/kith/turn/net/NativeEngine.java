package kith.turn.net;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import kith.turn.stun.TransportAddress;

/**
 * What engines on sockets of the C library have in common: packets are held back in {@link
 * Outgoing} until the turn ends or there is no room, and several of one length that came as one are
 * handed over one by one.
 */
abstract class NativeEngine implements DatagramEngine {
  /** Left on the shelf beside a part that is cut from a run, for what the core sends for it. */
  private static final int ROOM_TO_ANSWER = 4_096;

  final Libc libc = new Libc();
  final Wakeup wakeup = new Wakeup();
  final PacketMemory packets;
  final ErrorQueue errors = new ErrorQueue(libc);
  final Outgoing outgoing;

  /** Packets that were to be sent and are gone. */
  long lost;

  private boolean punctual;

  NativeEngine(int buffers) throws IOException {
    packets = new PacketMemory(buffers);
    outgoing = new Outgoing(libc.cutsRuns());
  }

  /** Sends what is held back, without waiting. */
  abstract void flush() throws IOException;

  /** The port is about to be closed, or another engine takes it. */
  abstract void forget(NativePort port);

  @Override
  public final Port bind(TransportAddress local, boolean shared) throws IOException {
    return NativePort.bind(shared ? new Libc() : libc, local, shared);
  }

  @Override
  public final Port replace(Port former) throws IOException {
    former.giveWay();
    NativePort port = NativePort.bindBeside(libc, former.local());
    former.close();
    port.stay(libc);
    return port;
  }

  @Override
  public final boolean takes(Port port) {
    return port instanceof NativePort;
  }

  @Override
  public final boolean tellErrors(Port port) {
    return ((NativePort) port).tellErrors(libc);
  }

  @Override
  public final boolean send(
      Port from,
      TransportAddress to,
      ByteBuffer packet,
      int offset,
      int length,
      boolean dontFragment) {
    NativePort port = (NativePort) from;
    if (!port.isOpen() || length > PacketMemory.LARGEST) {
      return false;
    }
    try {
      if (dontFragment) {
        flush();
        port.dontFragment(libc, true);
      } else if (outgoing.isFull() || !packets.isThere(packet) && !packets.hasRoom(length)) {
        flush();
      }
      outgoing.add(port, to, packets.addressOf(packet, offset, length), length);
      if (dontFragment) {
        flush();
        port.dontFragment(libc, false);
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Hands over what came in one piece.
   *
   * @param names where the address it came from is written, at {@code name}
   * @param at where it begins in {@link #packets}
   * @param segment the length of each packet in it but the last; 0 if it is one
   */
  final void handOver(
      Object owner,
      MemorySegment names,
      long name,
      int at,
      int length,
      int segment,
      Receiver receiver)
      throws IOException {
    long high = SocketAddresses.high(names, name);
    long low = SocketAddresses.low(names, name);
    int port = SocketAddresses.port(names, name);
    if (segment == 0 || segment >= length) {
      receiver.received(owner, high, low, port, packets.bytes(), at, length);
      return;
    }
    for (int done = 0; done < length; done += segment) {
      int part = Math.min(segment, length - done);
      if (outgoing.isNearlyFull() || !packets.hasRoom(part + ROOM_TO_ANSWER)) {
        flush();
      }
      int cut = packets.cut(at + done, part);
      receiver.received(owner, high, low, port, packets.bytes(), cut, part);
      packets.handled();
    }
  }

  @Override
  public final long takeLost() {
    long count = lost;
    lost = 0;
    return count;
  }

  /** Short waits of this thread end in time from now on. */
  final void waitPunctually() {
    if (!punctual) {
      Libc.wakePunctually();
      punctual = true;
    }
  }

  @Override
  public final void wake() {
    wakeup.signal();
  }
}
