package kith.turn;

import java.util.ArrayDeque;
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
    counters.refused(error, request.flow().listener().transport());
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
