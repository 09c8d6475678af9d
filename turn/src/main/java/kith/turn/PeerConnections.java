package kith.turn;

import java.util.List;
import java.util.random.RandomGenerator;
import kith.turn.Counters.Count;
import kith.turn.Counters.Traffic;
import kith.turn.PeerConnection.State;
import kith.turn.stun.AttributeType;
import kith.turn.stun.ErrorCode;
import kith.turn.stun.MessageClass;
import kith.turn.stun.Method;
import kith.turn.stun.StunWriter;
import kith.turn.stun.TransactionId;
import kith.turn.stun.TransportAddress;
import org.jspecify.annotations.Nullable;

/** The TCP connections between one loop's relayed addresses and their peers (RFC 6062 §5). */
final class PeerConnections {
  private final TurnShared shared;
  private final Reachability reachability;
  private final Deadlines deadlines;
  private final Outbox outbox;
  private final Counters counters;
  private final RandomGenerator random;

  PeerConnections(
      TurnShared shared,
      Reachability reachability,
      Deadlines deadlines,
      Outbox outbox,
      Counters counters,
      RandomGenerator random) {
    this.shared = shared;
    this.reachability = reachability;
    this.deadlines = deadlines;
    this.outbox = outbox;
    this.counters = counters;
    this.random = random;
  }

  /** Begins to connect for this request; why it cannot, or null when it does. */
  @Nullable ErrorCode connect(
      Request request, Allocation allocation, Relay relay, TransportAddress peer) {
    TransportAddress wire = reachability.wire(RelayedTransport.TCP, peer);
    PeerConnection connection = begin(allocation, relay, peer, wire, State.CONNECTING);
    if (connection == null) {
      return ErrorCode.INSUFFICIENT_CAPACITY;
    }
    connection.connect = request;
    connection.deadline =
        deadlines.at(
            request.now() + shared.settings().lifetimes().connect(),
            () -> {
              close(connection);
              answerFailure(connection);
            });
    outbox.add(new Command.Connect(connection));
    return null;
  }

  private @Nullable PeerConnection begin(
      Allocation allocation,
      Relay relay,
      TransportAddress peer,
      TransportAddress wire,
      State state) {
    Limits limits = shared.settings().limits();
    if (allocation.connections().size() >= limits.peerConnections()
        || !shared.takePeerConnection()) {
      return null;
    }
    PeerConnection connection;
    do {
      // Not to be guessed: whoever binds first has the connection.
      int id = random.nextInt();
      connection = new PeerConnection(id, allocation, relay, peer, wire, state);
    } while (!shared.remember(connection));
    allocation.connections().put(peer, connection);
    counters.add(Count.PEER_CONNECTIONS_NOW);
    return connection;
  }

  /** The peer took the connection: the client is told its id (RFC 6062 §5.2). */
  void connected(PeerConnection connection, long now) {
    Request request = connection.connect;
    if (connection.state() != State.CONNECTING || request == null) {
      return;
    }
    connection.connect = null;
    awaitBind(connection, now);
    outbox.send(
        request, Outbox.success(request).number(AttributeType.CONNECTION_ID, connection.id()));
  }

  private void awaitBind(PeerConnection connection, long now) {
    connection.callOff();
    connection.state(State.PENDING);
    connection.deadline =
        deadlines.at(now + shared.settings().lifetimes().connectionBind(), () -> close(connection));
  }

  /** A peer connected to a relayed address; null when it must be hung up on (RFC 6062 §5.3). */
  @Nullable PeerConnection accepted(Relay relay, TransportAddress from, long now) {
    Allocation allocation = relay.allocation;
    if (allocation == null || now >= allocation.expiresAt()) {
      counters.add(Count.DROPPED_NO_ALLOCATION);
      return null;
    }
    TransportAddress peer = reachability.known(relay, from);
    Permission permission = allocation.permission(peer);
    if (permission == null
        || !permission.isAlive(now)
        || !reachability.covers(
            permission.reach(), RelayedTransport.TCP, peer.high(), peer.low(), peer.port())
        || allocation.connections().containsKey(peer)) {
      counters.add(Count.DROPPED_NO_PERMISSION);
      return null;
    }
    PeerConnection connection = begin(allocation, relay, peer, from, State.PENDING);
    if (connection != null) {
      awaitBind(connection, now);
      outbox.add(new Command.Reply(allocation.flow(), attempt(connection)));
    }
    return connection;
  }

  private byte[] attempt(PeerConnection connection) {
    TransactionId id = new TransactionId(random.nextInt(), random.nextLong());
    return StunWriter.of(MessageClass.INDICATION, Method.CONNECTION_ATTEMPT, id)
        .number(AttributeType.CONNECTION_ID, connection.id())
        .xorAddress(AttributeType.XOR_PEER_ADDRESS, connection.peer())
        .finish();
  }

  /** The client's connection is the other half of this one from now on. */
  void bind(PeerConnection connection, Request request) {
    connection.callOff();
    connection.state(State.BOUND);
    shared.forget(connection);
    outbox.send(request, Outbox.success(request));
    outbox.add(new Command.Join(connection, request.flow()));
  }

  /** The peer could not be reached, or one of the two ends is gone. */
  void closed(PeerConnection connection) {
    forget(connection);
    answerFailure(connection);
  }

  private void answerFailure(PeerConnection connection) {
    Request request = connection.connect;
    if (request != null) {
      connection.connect = null;
      outbox.refuse(request, ErrorCode.CONNECTION_TIMEOUT_OR_FAILURE);
    }
  }

  private void close(PeerConnection connection) {
    if (forget(connection)) {
      outbox.add(new Command.HangUp(connection));
    }
  }

  private boolean forget(PeerConnection connection) {
    if (connection.state() == State.CLOSED) {
      return false;
    }
    connection.state(State.CLOSED);
    connection.callOff();
    shared.forget(connection);
    shared.givePeerConnection();
    connection.allocation().connections().remove(connection.peer());
    counters.add(Count.PEER_CONNECTIONS_NOW, -1);
    return true;
  }

  /** With a relayed address its connections end, bound ones too (RFC 6062 §5.4). */
  void endAll(Allocation allocation, Relay relay) {
    for (PeerConnection connection : List.copyOf(allocation.connections().values())) {
      if (connection.relay() == relay) {
        connection.connect = null;
        close(connection);
      }
    }
  }

  /** Whether it may carry bytes now, or has spent its bandwidth. */
  boolean mayCarry(PeerConnection connection, long now) {
    return connection.allocation().bandwidth().hasAny(now) && shared.bandwidth().hasAny(now);
  }

  /** So many bytes went from one end to the other. */
  void carried(PeerConnection connection, boolean fromClient, int count, long now) {
    Allocation allocation = connection.allocation();
    allocation.bandwidth().spend(count, now);
    shared.bandwidth().spend(count, now);
    if (fromClient) {
      allocation.bytesFromClient += count;
      counters.add(Traffic.BYTES_FROM_CLIENTS, allocation.transport(), count);
    } else {
      allocation.bytesToClient += count;
      counters.add(Traffic.BYTES_TO_CLIENTS, allocation.transport(), count);
    }
  }
}
