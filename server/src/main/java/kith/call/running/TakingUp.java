package kith.call.running;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
  void takeUp(List<Call> running, Supplier<Mailbox> another) {
    Map<UserId, Mailbox> mailboxes = mailboxes(running, another);
    running.forEach(
        call ->
            takeUp(call.named(this::nameOf), Objects.requireNonNull(mailboxes.get(call.callee()))));
  }

  /**
   * Calls that have someone in common share a mailbox. Which of them began first is not asked: the
   * clock may have been put back meanwhile.
   */
  private static Map<UserId, Mailbox> mailboxes(List<Call> running, Supplier<Mailbox> another) {
    var mailboxes = new HashMap<UserId, Mailbox>();
    for (Call call : running) {
      UserId caller = call.caller().device().user();
      Mailbox one = mailboxes.computeIfAbsent(caller, user -> another.get());
      Mailbox other = mailboxes.put(call.callee(), one);
      if (other != null && other != one) {
        mailboxes.replaceAll((user, mailbox) -> mailbox == other ? one : mailbox);
      }
    }
    return mailboxes;
  }

  private void takeUp(Call call, Mailbox mailbox) {
    Set<UserId> users = Set.of(call.caller().device().user(), call.callee());
    var runner = new CallRunner(call.id(), users, mailbox, tools, keeper);
    boolean free = users.stream().allMatch(user -> mayBeIn(user, call));
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
