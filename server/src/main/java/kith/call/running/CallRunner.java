package kith.call.running;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import kith.auth.UserId;
import kith.call.Call;
import kith.call.CallCommand;
import kith.call.CallEvent;
import kith.call.CallId;
import kith.call.CallMachine;
import kith.call.CallMessage;
import kith.call.CallSettings;
import kith.call.CallState;
import kith.call.CallState.Unanswered;
import kith.call.Endpoint;
import kith.call.ErrorCode;
import kith.call.Offer;
import kith.call.Outbox;
import kith.call.Reason;
import kith.call.Reply;
import kith.call.Step;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one call: what happens to it goes through its mailbox, one at a time; what becomes of it is
 * written down, then answered, then told; but nobody waits for the disk to be rung or to be
 * answered.
 */
final class CallRunner {
  private static final Logger log = LoggerFactory.getLogger(CallRunner.class);
  private static final Duration SAVE_AGAIN_AFTER = Duration.ofSeconds(1);

  private static final String TAKEN = "this callId is taken";
  private static final String NOT_NOW = "the call cannot be written down now";

  /** What every runner works with. */
  record Tools(
      CallMachine machine,
      CallSettings settings,
      CallStore store,
      Devices devices,
      InstantSource clock,
      Timers timers,
      Executor executor) {}

  /** Who keeps the runners; told within the turn, before the devices are. */
  interface Keeper {
    /** The other calls that someone in this one is in. */
    List<Call> othersOf(UserId user, CallRunner runner);

    /** Nothing came of it: it was never written down. */
    void abandoned(CallRunner runner);

    /** It goes by one more callId now (glare). */
    void renamed(CallRunner runner);

    /** Something became of it; {@link #over} came first. */
    void changed(Call before, Call after);

    void over(CallRunner runner);
  }

  private final CallId firstId;
  private final Set<UserId> users;
  private final Tools tools;
  private final Keeper keeper;
  private final Mailbox mailbox;
  private final Map<Endpoint, Outbox> outboxes = new HashMap<>();
  private volatile @Nullable Call call;
  private volatile boolean unsaved;

  /**
   * By the clock: a server that died before it wrote the call down may have rung for it, under
   * lesser numbers.
   */
  private long numbersFrom;

  private Timers.@Nullable Timer wake;

  /**
   * @param firstId what the call is named as it begins
   * @param users the two who are in it
   * @param mailbox shared by calls that have someone in common, so that none changes while another
   *     looks at it
   */
  CallRunner(CallId firstId, Set<UserId> users, Mailbox mailbox, Tools tools, Keeper keeper) {
    this.firstId = firstId;
    this.users = users;
    this.tools = tools;
    this.keeper = keeper;
    this.mailbox = mailbox;
    this.numbersFrom = tools.clock().instant().getEpochSecond();
  }

  /** The call as it stood a moment ago; empty before it began. */
  Optional<Call> call() {
    return Optional.ofNullable(call);
  }

  Mailbox mailbox() {
    return mailbox;
  }

  Set<UserId> users() {
    return users;
  }

  /** How it is named now. */
  CallId id() {
    return call().map(Call::id).orElse(firstId);
  }

  boolean isBetween(UserId one, UserId other) {
    return !one.equals(other) && users.contains(one) && users.contains(other);
  }

  /** Whether this offer is one of this call, and of none that it would begin. */
  boolean isMeantBy(Offer offer) {
    return isBetween(offer.by().user(), offer.to()) && (isSaidAgain(offer) || isGlare(offer));
  }

  private boolean isSaidAgain(Offer offer) {
    return offer
        .callId()
        .map(ids()::contains)
        .orElseGet(() -> call().map(now -> now.isSeated(offer.by())).orElse(true));
  }

  /** Whoever rings is called by the one they ring. */
  private boolean isGlare(Offer offer) {
    return call()
        .filter(now -> now.state() instanceof Unanswered)
        .filter(now -> now.callee().equals(offer.by().user()))
        .isPresent();
  }

  /** Every callId it went by. */
  Set<CallId> ids() {
    var ids = new HashSet<>(Set.of(firstId));
    call().ifPresent(now -> ids.add(now.id()));
    call().flatMap(Call::formerId).ifPresent(ids::add);
    return ids;
  }

  boolean isUnsaved() {
    return unsaved;
  }

  /** Begins a call that was not there before. */
  void begin(Function<Instant, Step> beginning, Consumer<Reply> then) {
    if (!mailbox.offer(() -> beginNow(beginning, then))) {
      abandon(ErrorCode.UNAVAILABLE, "the server is stopping", then);
    }
  }

  private void beginNow(Function<Instant, Step> beginning, Consumer<Reply> then) {
    Step step;
    try {
      step = beginning.apply(now());
      if (tools.store().knows(step.call().id())) {
        abandon(ErrorCode.CONFLICT, TAKEN, then);
        return;
      }
    } catch (RuntimeException failed) {
      log.error("a call cannot begin", failed);
      abandon(ErrorCode.UNAVAILABLE, NOT_NOW, then);
      return;
    }
    // It rings while it is written down. What the devices say to that waits in the mailbox.
    boolean rings = !step.call().isOver();
    if (rings && !tellsAll(step)) {
      abandon(ErrorCode.UNAVAILABLE, NOT_NOW, then);
      stopRinging(step.call());
    } else if (writesDown(step.call(), then)) {
      apply(rings ? new Step(step.call(), step.reply(), List.of()) : step, then);
    } else if (rings) {
      stopRinging(step.call());
    }
  }

  /** False if that went wrong: nobody is to be in a call for ever that never began. */
  private boolean tellsAll(Step step) {
    try {
      step.commands().forEach(this::perform);
      return true;
    } catch (RuntimeException | Error failed) {
      log.error("{} cannot begin", step.call(), failed);
      return false;
    }
  }

  /** False, and it is answered with why, if there will be no such call. */
  private boolean writesDown(Call beginning, Consumer<Reply> then) {
    try {
      if (tools.store().add(beginning)) {
        return true;
      }
      abandon(ErrorCode.CONFLICT, TAKEN, then);
    } catch (RuntimeException failed) {
      log.error("a call cannot be written down", failed);
      abandon(ErrorCode.UNAVAILABLE, NOT_NOW, then);
    }
    return false;
  }

  private void stopRinging(Call never) {
    var end =
        new CallMessage.Ended(
            never.id(), Reason.SERVER_ERROR, Optional.empty(), Optional.empty(), Optional.empty());
    never.ringers().values().forEach(ringer -> tell(ringer.device().at(), end));
  }

  private void abandon(ErrorCode code, String message, Consumer<Reply> then) {
    keeper.abandoned(this);
    then.accept(new Reply.Refused(code, message));
  }

  /** Goes on with a call that was written down before the server started. */
  void takeUp(Call running) {
    call = running;
    // How many messages there were before is not written down; fewer than milliseconds, in any
    // case.
    numbersFrom = tools.clock().millis();
    outbox(running.caller().device().at()).hold();
    running.answerer().ifPresent(seat -> outbox(seat.device().at()).hold());
    // What was told of the answer may have been lost with the server; who heard it does not mind.
    running
        .answerer()
        .map(seat -> new CallMessage.Answered(running.id(), seat.device(), Optional.empty()))
        .ifPresent(answered -> tell(running.caller().device().at(), answered));
    mailbox.put(this::schedule);
  }

  /** What a device says; it is refused if too much is waiting. */
  void hear(CallEvent.FromDevice event, Consumer<Reply> then) {
    if (!mailbox.offer(() -> turn(event, then))) {
      then.accept(new Reply.Refused(ErrorCode.RATE_LIMITED, "too much at once"));
    }
  }

  /** The same, asked from a turn of a call that shares the mailbox with this one. */
  void hearWithin(CallEvent.FromDevice event, Consumer<Reply> then) {
    turn(event, then);
  }

  /** What happens by itself. */
  void happen(CallEvent event) {
    mailbox.put(() -> turn(event, reply -> {}));
  }

  private void turn(CallEvent event, Consumer<Reply> then) {
    Call current = call;
    if (current == null) {
      then.accept(
          event instanceof CallEvent.Offers
              ? new Reply.OutOfTheWay()
              : new Reply.Refused(ErrorCode.NOT_FOUND, "no such call"));
      return;
    }
    Step step;
    try {
      step = tools.machine().on(current, event, others(event), now());
    } catch (RuntimeException broken) {
      log.error("{} cannot go on", current, broken);
      step = tools.machine().on(current, new CallEvent.ServerFailed(), List.of(), now());
    }
    // Media of who answered is on its way: the caller must know whose. Should the server die before
    // it is written down, the device says its answer again.
    if (event instanceof CallEvent.Answers && !step.call().isOver()) {
      apply(step, then);
      save(step);
    } else {
      save(step);
      apply(step, then);
    }
  }

  private List<Call> others(CallEvent event) {
    return event instanceof CallEvent.FromDevice said
        ? keeper.othersOf(said.by().user(), this)
        : List.of();
  }

  private void save(Step step) {
    try {
      for (CallCommand command : step.commands()) {
        if (command instanceof CallCommand.Save save) {
          tools.store().save(save.call());
        } else if (command instanceof CallCommand.SaveInsteadOf save) {
          tools.store().saveInsteadOf(save.former(), save.call());
        }
      }
    } catch (RuntimeException failed) {
      log.error("{} cannot be written down; trying again", step.call(), failed);
      if (!unsaved) {
        unsaved = true;
        saveLater();
      }
    }
  }

  /** A call goes on while the database does not; its end must reach it in the end. */
  private void saveLater() {
    tools.timers().at(now().plus(SAVE_AGAIN_AFTER), () -> mailbox.put(this::saveAgain));
  }

  private void saveAgain() {
    try {
      Call current = call;
      if (current != null) {
        // Whether the call ever got there under its present callId is not known.
        tools.store().saveAgain(current);
      }
      unsaved = false;
    } catch (RuntimeException failed) {
      saveLater();
    }
  }

  private void apply(Step step, Consumer<Reply> then) {
    Call before = call;
    Call after = step.call();
    call = after;
    if (before != null && !before.formerId().equals(after.formerId())) {
      keeper.renamed(this);
    }
    if (after.state() instanceof CallState.Ended ended && (before == null || !before.isOver())) {
      log.info("call {} ended: {}", after.id(), ended.reason().wire());
      keeper.over(this);
    }
    if (before != null) {
      keeper.changed(before, after);
    }
    then.accept(step.reply());
    step.commands().forEach(this::perform);
    if (after.isOver()) {
      outboxes.clear();
    }
    schedule();
  }

  private void perform(CallCommand command) {
    switch (command) {
      case CallCommand.Save saved -> {}
      case CallCommand.SaveInsteadOf saved -> {}
      case CallCommand.Tell tell -> tell(tell.to(), tell.message());
      case CallCommand.Hold hold -> outbox(hold.device()).hold();
      case CallCommand.Forget forget ->
          outbox(forget.device()).forget(tools.devices().connectionOf(forget.device()));
      case CallCommand.Dismiss dismiss -> outboxes.remove(dismiss.device());
      case CallCommand.Replay replay -> replay(replay);
    }
  }

  private void replay(CallCommand.Replay replay) {
    Endpoint to = replay.device();
    long connection = tools.devices().connectionOf(to);
    outbox(to)
        .replay(connection, replay.received())
        .forEach(entry -> tools.devices().tell(to, connection, entry.message(), entry.number()));
  }

  private void tell(Endpoint to, CallMessage message) {
    if (message instanceof CallMessage.Snapshot) {
      tools.devices().tell(to, tools.devices().connectionOf(to), message, 0);
    } else {
      Outbox box = outbox(to);
      box.add(message, number -> tools.devices().tell(to, box.connection(), message, number));
    }
  }

  private Outbox outbox(Endpoint device) {
    return outboxes.computeIfAbsent(
        device, newcomer -> new Outbox(numbersFrom, tools.devices().connectionOf(newcomer)));
  }

  private void schedule() {
    if (wake != null) {
      wake.cancel();
      wake = null;
    }
    Call current = call;
    if (current != null) {
      current
          .deadline(tools.settings())
          .ifPresent(
              due -> wake = tools.timers().at(due, () -> happen(new CallEvent.TimePassed())));
    }
  }

  private Instant now() {
    return Instant.ofEpochMilli(tools.clock().millis());
  }
}
