package kith.turn;

import kith.turn.stun.TransportAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where a packet goes next, and which bytes of its buffer go there. One instance per core, valid
 * until the next call: the media path makes no object.
 */
public final class Forward {

  /** Which way. */
  public enum To {
    NOWHERE,
    PEER,
    CLIENT,
    /** A peer in this process. */
    SERVICE
  }

  private To to = To.NOWHERE;
  private @Nullable Relay relay;
  private @Nullable TransportAddress peer;
  private @Nullable Flow flow;
  private @Nullable InProcessPeer inProcess;
  private int offset;
  private int length;
  private boolean dontFragment;

  Forward nowhere() {
    to = To.NOWHERE;
    return this;
  }

  Forward toPeer(Relay from, TransportAddress address, int at, int count, boolean whole) {
    to = To.PEER;
    relay = from;
    peer = address;
    offset = at;
    length = count;
    dontFragment = whole;
    return this;
  }

  Forward toService(Relay from, InProcessPeer service, int at, int count) {
    to = To.SERVICE;
    relay = from;
    inProcess = service;
    offset = at;
    length = count;
    return this;
  }

  Forward toClient(Flow client, int at, int count) {
    to = To.CLIENT;
    flow = client;
    offset = at;
    length = count;
    return this;
  }

  public To to() {
    return to;
  }

  /** The relay to send from, when it goes to a peer or a service. */
  public Relay relay() {
    return require(relay);
  }

  /** The address to send to, when it goes to a peer. */
  public TransportAddress peer() {
    return require(peer);
  }

  /** The service of this process, when it goes to one. */
  public InProcessPeer service() {
    return require(inProcess);
  }

  /** The client, when it goes to one. */
  public Flow flow() {
    return require(flow);
  }

  public int offset() {
    return offset;
  }

  public int length() {
    return length;
  }

  /** Whether the client asked that the packet to the peer not be fragmented (RFC 8656 §15). */
  public boolean dontFragment() {
    return dontFragment;
  }

  private static <T> T require(@Nullable T value) {
    if (value == null) {
      throw new IllegalStateException("the packet does not go there");
    }
    return value;
  }
}
