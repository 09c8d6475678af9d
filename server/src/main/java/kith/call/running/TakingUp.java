package kith.call.running;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import kith.auth.User;
import kith.auth.UserId;
import kith.call.Call;
import kith.call.CallEvent;
import kith.call.CallId;
import kith.call.CallWaiting;

/** Takes up the calls that were running when the server stopped. */
final class TakingUp {
  private final CallsByUser byUser;
  private final Map<CallId, CallRunner> byId;
  private final Directory directory;
  private final CallRunner.Tools tools;
  private final CallRunner.Keeper keeper;

  TakingUp(
      CallsByUser byUser,
      Map<CallId, CallRunner> byId,
      Directory directory,
      CallRunner.Tools tools,
      CallRunner.Keeper keeper) {
    this.byUser = byUser;
    this.byId = byId;
    this.directory = directory;
    this.tools = tools;
    this.keeper = keeper;
  }

  /**
   * @param running in the order in which they began
   */
  void takeUp(List<Call> running, Supplier<Mailbox> mailbox) {
    running.forEach(call -> takeUp(call.named(this::nameOf), mailbox));
  }

  private void takeUp(Call call, Supplier<Mailbox> mailbox) {
    Set<UserId> users = Set.of(call.caller().device().user(), call.callee());
    List<Mailbox> mailboxes =
        users.stream()
            .flatMap(user -> byUser.of(user).stream().map(CallRunner::mailbox))
            .distinct()
            .toList();
    var runner =
        new CallRunner(
            call.id(),
            users,
            mailboxes.isEmpty() ? mailbox.get() : mailboxes.getFirst(),
            tools,
            keeper);
    boolean free = mailboxes.size() <= 1 && users.stream().allMatch(user -> mayBeIn(user, call));
    if (free) {
      byUser.add(runner, users);
    }
    runner.takeUp(call);
    runner.ids().forEach(id -> byId.put(id, runner));
    if (!free) {
      runner.happen(new CallEvent.ServerFailed());
    }
    // The server may have stopped between the end of a membership and that of the call.
    UserId caller = call.caller().device().user();
    if (directory.sharedCircle(caller, call.callee(), Optional.of(call.circle())).isEmpty()) {
      runner.happen(new CallEvent.LeftCircle(caller, call.circle()));
    }
  }

  private String nameOf(UserId user) {
    return directory.user(user).map(User::displayName).orElse("");
  }

  private boolean mayBeIn(UserId user, Call call) {
    List<Call> others = byUser.callsOf(user).toList();
    return others.isEmpty()
        || (others.size() == 1 && CallWaiting.mayBeInBoth(user, call, others.getFirst()));
  }
}
