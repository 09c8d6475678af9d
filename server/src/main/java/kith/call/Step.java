package kith.call;

import java.util.List;

/** What became of an event: the call after it, the answer, and what is to be done. */
public record Step(Call call, Reply reply, List<CallCommand> commands) {
  public Step {
    commands = List.copyOf(commands);
  }
}
