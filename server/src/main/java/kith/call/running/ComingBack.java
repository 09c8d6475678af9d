package kith.call.running;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import kith.call.Call;
import kith.call.CallEvent;
import kith.call.CallId;
import kith.call.CallMessage;
import kith.call.CallState;
import kith.call.Device;
import kith.call.Reply;
import kith.call.Seat;

/** Devices that were away take up their calls, and hear which are over. */
final class ComingBack {
  private final CallsByUser byUser;
  private final Map<CallId, CallRunner> byId;
  private final CallStore store;

  ComingBack(CallsByUser byUser, Map<CallId, CallRunner> byId, CallStore store) {
    this.byUser = byUser;
    this.byId = byId;
    this.store = store;
  }

  /** As {@link Calls#resume}. */
  void resume(
      Device by, Set<CallId> ids, Map<CallId, Long> received, Consumer<List<Calls.Resumed>> then) {
    // A call that two became (glare) may be known by either name, or by both.
    List<CallRunner> running =
        byUser.of(by.user()).stream()
            .filter(runner -> runner.call().filter(Call::isOver).isEmpty())
            .filter(runner -> runner.ids().stream().anyMatch(ids::contains))
            .toList();
    List<Calls.Resumed> over =
        ids.stream()
            .filter(id -> running.stream().noneMatch(runner -> runner.ids().contains(id)))
            .map(id -> over(id, by))
            .toList();
    resumeNext(
        running,
        new Resuming(by, ids, received, Optional.empty()),
        over,
        standing -> {
          then.accept(standing);
          if (!over.isEmpty()) {
            byUser.of(by.user()).forEach(runner -> runner.happen(new CallEvent.FreeAgain(by)));
          }
        });
  }

  /**
   * @param within the mailbox this goes on in
   */
  private record Resuming(
      Device by, Set<CallId> ids, Map<CallId, Long> received, Optional<Mailbox> within) {
    Resuming within(CallRunner runner) {
      return new Resuming(by, ids, received, Optional.of(runner.mailbox()));
    }

    List<CallId> namesOf(CallRunner runner) {
      return ids.stream().filter(runner.ids()::contains).toList();
    }

    CallEvent.Resumes event(CallRunner runner) {
      var count =
          namesOf(runner).stream().filter(received::containsKey).mapToLong(received::get).max();
      CallId name =
          ids.contains(runner.id())
              ? runner.id()
              : namesOf(runner).stream().findFirst().orElseThrow();
      return new CallEvent.Resumes(name, by, count);
    }
  }

  /** Calls of one person share a mailbox: all are answered before the device is told of any. */
  private void resumeNext(
      List<CallRunner> running,
      Resuming resuming,
      List<Calls.Resumed> before,
      Consumer<List<Calls.Resumed>> then) {
    if (running.isEmpty()) {
      then.accept(before);
      return;
    }
    CallRunner next = running.getFirst();
    Consumer<Reply> goOn =
        reply ->
            resumeNext(
                running.subList(1, running.size()),
                resuming.within(next),
                Stream.concat(
                        resuming.namesOf(next).stream()
                            .map(name -> resumed(name, reply, next.call(), resuming.by())),
                        before.stream())
                    .toList(),
                then);
    if (resuming.within().filter(next.mailbox()::equals).isPresent()) {
      next.hearWithin(resuming.event(next), goOn);
    } else {
      next.hear(resuming.event(next), goOn);
    }
  }

  private static Calls.Resumed resumed(CallId name, Reply reply, Optional<Call> now, Device by) {
    Optional<CallMessage.Elsewhere> elsewhere = now.flatMap(call -> takenElsewhere(call, by));
    return reply instanceof Reply.Done done
        ? new Calls.Resumed(name, Optional.of(done.call()), endOf(done.call()), elsewhere)
        : new Calls.Resumed(name, Optional.empty(), Optional.empty(), elsewhere);
  }

  private Calls.Resumed over(CallId id, Device by) {
    return remembered(id, by)
        .or(() -> store.past(id, by.user()).map(past -> over(id, past, by)))
        .orElse(new Calls.Resumed(id, Optional.empty(), Optional.empty(), Optional.empty()));
  }

  private Optional<Calls.Resumed> remembered(CallId id, Device by) {
    return Optional.ofNullable(byId.get(id))
        .flatMap(CallRunner::call)
        .filter(call -> call.isParty(by.user()) && call.isOver())
        .map(
            call -> new Calls.Resumed(id, Optional.empty(), endOf(call), takenElsewhere(call, by)));
  }

  private static Calls.Resumed over(CallId id, CallStore.Past past, Device by) {
    return new Calls.Resumed(
        id, Optional.empty(), Optional.of(past.end()), takenElsewhere(id, past.taker(), by));
  }

  /** What a device would have heard as it rang, had it been there. */
  private static Optional<CallMessage.Elsewhere> takenElsewhere(Call call, Device by) {
    return takenElsewhere(call.id(), call.answerer().map(Seat::device), by);
  }

  private static Optional<CallMessage.Elsewhere> takenElsewhere(
      CallId id, Optional<Device> taker, Device by) {
    return taker
        .filter(device -> device.user().equals(by.user()) && !device.at().equals(by.at()))
        .map(device -> new CallMessage.Elsewhere(id, true, device));
  }

  private static Optional<CallState.Ended> endOf(Call call) {
    return call.state() instanceof CallState.Ended ended ? Optional.of(ended) : Optional.empty();
  }
}
