package kith.turn;

import kith.turn.Deadlines.Deadline;
import kith.turn.stun.TransportAddress;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection between a relayed address and a peer: a peer data connection (RFC 6062 §2). It
 * carries bytes once the client has bound a connection of its own to it.
 */
public final class PeerConnection {
  private final int id;
  private final Allocation allocation;
  private final Relay relay;
  private final TransportAddress peer;
  private final TransportAddress wire;
  private State state;
  @Nullable Request connect;
  @Nullable Deadline deadline;
  private @Nullable Object socket;

  enum State {
    /** A Connect request waits for the peer to answer. */
    CONNECTING,
    /** Established; the client has been told its CONNECTION-ID. */
    PENDING,
    /** Joined with a connection of the client's. */
    BOUND,
    CLOSED
  }

  PeerConnection(
      int id,
      Allocation allocation,
      Relay relay,
      TransportAddress peer,
      TransportAddress wire,
      State state) {
    this.id = id;
    this.allocation = allocation;
    this.relay = relay;
    this.peer = peer;
    this.wire = wire;
    this.state = state;
  }

  int id() {
    return id;
  }

  Allocation allocation() {
    return allocation;
  }

  /** The relayed address that it leads from. */
  public Relay relay() {
    return relay;
  }

  /** The peer as the client knows it. */
  TransportAddress peer() {
    return peer;
  }

  /** Where to connect to. */
  public TransportAddress wire() {
    return wire;
  }

  State state() {
    return state;
  }

  void state(State next) {
    state = next;
  }

  void callOff() {
    if (deadline != null) {
      deadline.cancel();
      deadline = null;
    }
  }

  /** The shell's own handle; the core never looks at it. */
  public @Nullable Object socket() {
    return socket;
  }

  public void socket(@Nullable Object handle) {
    socket = handle;
  }

  @Override
  public String toString() {
    return relay + " to " + peer;
  }
}
