package kith.turn.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import kith.turn.stun.TransportAddress;

/**
 * How datagrams get in and out of one loop. One thread owns an engine; only {@link #wake} may be
 * called by another, and {@link #bind} for a shared socket.
 */
interface DatagramEngine extends AutoCloseable {

  /**
   * A bound UDP socket. Any loop's engine of the same kind may take it over with {@link
   * DatagramEngine#receive}.
   */
  interface Port {
    TransportAddress local();

    /**
     * Lets another socket be bound to the same address beside it, to which from then on everything
     * comes.
     */
    void giveWay() throws IOException;

    void close();
  }

  /**
   * Who gets the packets: once for each, where it lies, with TurnCore's room before and behind it.
   */
  interface Receiver {
    /** Something came, if only to a stream: the time is now. */
    void arriving();

    /**
     * An ICMP error came for a packet that was sent from the port of this owner to this address,
     * where the platform tells. For the rest see {@link kith.turn.TurnCore#peerUnreachable}.
     */
    void unreachable(Object owner, long high, long low, int port, int type, int code, int data);

    void received(
        Object owner, long high, long low, int port, ByteBuffer packet, int offset, int length);
  }

  /**
   * Binds a socket without receiving on it yet.
   *
   * @param shared whether other loops will bind the same address, and the kernel spreads the
   *     clients over them; such a socket may be bound by any thread
   */
  Port bind(TransportAddress local, boolean shared) throws IOException;

  /** Whether this engine can receive on a port that another engine bound. */
  boolean takes(Port port);

  /**
   * Binds the address of a port that it cannot take, and closes that. At no time is nobody there:
   * another program would have it, or peers would be told that it is gone. Packets that wait in the
   * old socket are lost, as by a network.
   */
  Port replace(Port former) throws IOException;

  /**
   * Has {@link Receiver#unreachable} called, while it receives, for ICMP errors that come to this
   * port; false where the platform does not tell.
   */
  boolean tellErrors(Port port);

  /** Starts to receive: packets are handed over together with {@code owner}. */
  void receive(Port port, Object owner) throws IOException;

  /** Stops to receive on a port, which stays bound for another engine. */
  void release(Port port);

  /**
   * Sends, or drops the packet where the network would: an error of one destination concerns nobody
   * else. The bytes may be sent as late as the end of the current {@link #poll}.
   *
   * @return false when it was dropped here
   */
  boolean send(
      Port from,
      TransportAddress to,
      ByteBuffer packet,
      int offset,
      int length,
      boolean dontFragment);

  /** Waits until a packet comes, the time is over, or {@link #wake}; hands over what came. */
  void poll(long timeoutMillis, Receiver receiver) throws IOException;

  void wake();

  /** Lets packets gather for {@link Pace#PAUSE}, now or within the next {@link #poll}. */
  void pause();

  /**
   * How many packets that {@link #send} took could not be sent after all, since this was asked
   * last.
   */
  long takeLost();

  @Override
  void close();
}
