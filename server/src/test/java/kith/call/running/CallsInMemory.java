package kith.call.running;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import kith.auth.UserId;
import kith.call.Call;
import kith.call.Call.Ringer;
import kith.call.CallId;
import kith.call.CallState;
import kith.call.CallState.Answered;
import kith.call.CallState.Ended;
import kith.call.CallState.Offered;
import kith.call.CallState.Reconnecting;
import kith.call.CallState.Unanswered;
import kith.call.Device;
import kith.call.DeviceId;
import kith.call.Seat;

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

  @Override
  public void saveAgain(Call call) {
    add(call);
    save(call);
    call.formerId().ifPresent(former -> saveInsteadOf(former, call));
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
          case Unanswered unanswered -> new Offered(unanswered.expiresAt(), unanswered.waiting());
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
        takenUp(call.caller(), now),
        call.callee(),
        call.isWaiting() ? away(call.ringers().values()) : Map.of(),
        call.answerer().map(seat -> takenUp(seat, now)),
        Optional.empty(),
        List.of(),
        call.relay(),
        call.milestones().passing(call.state(), state, now),
        true);
  }

  private static Seat takenUp(Seat seat, Instant now) {
    return Seat.of(asWritten(seat.device()))
        .reporting(seat.report())
        .holding(seat.held())
        .away(now);
  }

  /** Neither its name nor what it promised is written down. */
  private static Device asWritten(Device device) {
    return new Device(device.at(), "", false, false, device.label());
  }

  private static Map<DeviceId, Ringer> away(Collection<Ringer> ringers) {
    return ringers.stream()
        .map(ringer -> new Ringer(asWritten(ringer.device()), true, false))
        .collect(Collectors.toMap(ringer -> ringer.device().id(), ringer -> ringer));
  }

  private Optional<Call> find(CallId id) {
    return rows.values().stream().filter(call -> call.goesBy(id)).findFirst();
  }

  @Override
  public Optional<Past> past(CallId id, UserId user) {
    return find(id)
        .filter(call -> call.isParty(user))
        .flatMap(
            call ->
                call.state() instanceof Ended ended
                    ? Optional.of(new Past(ended, call.answerer().map(Seat::device)))
                    : Optional.empty());
  }

  @Override
  public boolean knows(CallId id) {
    failIfBroken();
    return find(id).isPresent();
  }
}
