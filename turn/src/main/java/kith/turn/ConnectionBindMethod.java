package kith.turn;

import static kith.turn.stun.AttributeType.CONNECTION_ID;

import java.util.Objects;
import kith.turn.PeerConnection.State;
import kith.turn.stun.AttributeSet;
import kith.turn.stun.ErrorCode;
import kith.turn.stun.StunMessage;
import org.jspecify.annotations.Nullable;

/** ConnectionBind, in the order of RFC 6062 §5.4. */
final class ConnectionBindMethod {
  static final AttributeSet KNOWN = TurnCore.CREDENTIALS.with(CONNECTION_ID);

  private final TurnCore core;
  private final TurnShared shared;
  private final PeerConnections connections;
  private final Outbox outbox;

  ConnectionBindMethod(
      TurnCore core, TurnShared shared, PeerConnections connections, Outbox outbox) {
    this.core = core;
    this.shared = shared;
    this.connections = connections;
    this.outbox = outbox;
  }

  void handle(Request request, StunMessage message) {
    PeerConnection connection = request.flow().isStream() ? named(message) : null;
    if (connection == null || request.flow().hasAllocation()) {
      outbox.refuse(request, ErrorCode.BAD_REQUEST);
      return;
    }
    Allocation allocation = connection.allocation();
    TurnCore home = Objects.requireNonNull(allocation.home()); // those of TCP do not move
    if (!allocation.owner().username().equals(request.requireIdentity().username())) {
      outbox.refuse(request, ErrorCode.WRONG_CREDENTIALS);
    } else if (home != core) {
      outbox.add(new Command.Move(request.flow(), home, message.copy()));
    } else if (connection.state() != State.PENDING) {
      outbox.refuse(request, ErrorCode.BAD_REQUEST);
    } else {
      connections.bind(connection, request);
    }
  }

  private @Nullable PeerConnection named(StunMessage message) {
    int value = message.find(CONNECTION_ID);
    boolean read = value >= 0 && message.lengthAt(value) == 4;
    return read ? shared.peerConnection(message.intAt(value)) : null;
  }
}
