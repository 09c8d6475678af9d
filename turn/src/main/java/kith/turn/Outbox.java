package kith.turn;

import java.util.ArrayDeque;
import kith.turn.Counters.Count;
import kith.turn.stun.ErrorCode;
import kith.turn.stun.MessageClass;
import kith.turn.stun.StunWriter;
import org.jspecify.annotations.Nullable;

/** The commands that wait for the shell, and how replies are written. */
final class Outbox {
  private final ArrayDeque<Command> commands = new ArrayDeque<>();
  private final Counters counters;

  Outbox(Counters counters) {
    this.counters = counters;
  }

  void add(Command command) {
    commands.add(command);
  }

  @Nullable Command poll() {
    return commands.poll();
  }

  static StunWriter success(Request request) {
    return StunWriter.of(MessageClass.SUCCESS, request.method(), request.id());
  }

  static StunWriter error(Request request, ErrorCode error) {
    return StunWriter.of(MessageClass.ERROR, request.method(), request.id()).error(error);
  }

  void refuse(Request request, ErrorCode error) {
    send(request, error, error(request, error));
  }

  /** Sends an error reply that carries more than its code. */
  void send(Request request, ErrorCode error, StunWriter writer) {
    counters.add(
        switch (error) {
          case BAD_REQUEST -> Count.REFUSED_BAD_REQUEST;
          case UNAUTHENTICATED, WRONG_CREDENTIALS -> Count.REFUSED_UNAUTHENTICATED;
          case FORBIDDEN -> Count.REFUSED_FORBIDDEN;
          case STALE_NONCE -> Count.REFUSED_STALE_NONCE;
          case ALLOCATION_QUOTA_REACHED -> Count.REFUSED_QUOTA;
          case INSUFFICIENT_CAPACITY -> Count.REFUSED_CAPACITY;
          case MOBILITY_FORBIDDEN,
              UNKNOWN_ATTRIBUTE,
              ALLOCATION_MISMATCH,
              ADDRESS_FAMILY_NOT_SUPPORTED,
              UNSUPPORTED_TRANSPORT,
              PEER_ADDRESS_FAMILY_MISMATCH,
              CONNECTION_ALREADY_EXISTS,
              CONNECTION_TIMEOUT_OR_FAILURE,
              SERVER_ERROR ->
              Count.REFUSED_OTHER;
        });
    send(request, writer);
  }

  /** Closes the message as the request asked for it, and sends it. */
  void send(Request request, StunWriter writer) {
    Identity identity = request.identity();
    if (identity != null) {
      writer.integrity(identity.integrity(), identity.key());
    }
    if (request.fingerprint()) {
      writer.fingerprint();
    }
    commands.add(new Command.Reply(request.flow(), writer.finish()));
  }
}
