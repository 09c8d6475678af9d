package kith.call;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kith.auth.UserId;
import kith.call.CallState.Answered;
import kith.call.CallState.Ended;
import kith.call.CallState.Offered;
import kith.call.CallState.Reconnecting;
import kith.call.CallState.Unanswered;

/** A store for many small worlds: what a database would hold, without one. */
final class CallsInMemory implements CallStore {
  final Map<CallId, Call> rows = new LinkedHashMap<>();

  /** Every end that was written, in order. */
  final List<CallId> ends = new ArrayList<>();

  boolean broken;

  /** It can be read, but not written. */
  boolean takesNoMore;

  @Override
  public boolean add(Call call) {
    failIfBroken();
    if (takesNoMore) {
      throw new IllegalStateException("the disk is full");
    }
    if (knows(call.id())) {
      return false;
    }
    rows.put(call.id(), call);
    noteEnd(call);
    return true;
  }

  @Override
  public void save(Call call) {
    failIfBroken();
    Call known = rows.get(call.id());
    if (known != null && !known.isOver()) {
      rows.put(call.id(), call);
      noteEnd(call);
    }
  }

  @Override
  public void saveInsteadOf(CallId former, Call call) {
    failIfBroken();
    if (rows.containsKey(former) && !rows.get(former).isOver()) {
      rows.remove(former);
    }
    add(call);
  }

  private void noteEnd(Call call) {
    if (call.isOver()) {
      ends.add(call.id());
    }
  }

  private void failIfBroken() {
    if (broken) {
      throw new IllegalStateException("the database is away");
    }
  }

  @Override
  public List<Call> running(Instant now) {
    return rows.values().stream()
        .filter(call -> !call.isOver())
        .map(call -> takenUp(call, now))
        .toList();
  }

  private static Call takenUp(Call call, Instant now) {
    CallState state =
        switch (call.state()) {
          case Unanswered unanswered -> new Offered(unanswered.expiresAt());
          case Answered answered -> new Reconnecting(answered.answeredAt(), answered.connectedAt());
          case Ended ended -> ended;
        };
    return new Call(
        call.id(),
        call.formerId(),
        call.circle(),
        call.media(),
        call.offeredAt(),
        state,
        Seat.of(call.caller().device()).away(now),
        call.callee(),
        Map.of(),
        call.answerer().map(seat -> Seat.of(seat.device()).away(now)),
        Optional.empty(),
        List.of(),
        call.relay(),
        call.milestones().passing(call.state(), state, now));
  }

  private Optional<Call> find(CallId id) {
    return rows.values().stream().filter(call -> call.goesBy(id)).findFirst();
  }

  @Override
  public Optional<Ended> ended(CallId id, UserId user) {
    return find(id)
        .filter(call -> call.isParty(user))
        .flatMap(
            call -> call.state() instanceof Ended ended ? Optional.of(ended) : Optional.empty());
  }

  @Override
  public boolean knows(CallId id) {
    failIfBroken();
    return find(id).isPresent();
  }
}
