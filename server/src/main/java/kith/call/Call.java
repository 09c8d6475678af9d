package kith.call;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import kith.auth.UserId;
import kith.call.CallState.Answered;
import kith.call.CallState.Connecting;
import kith.call.CallState.Ended;
import kith.call.CallState.Unanswered;
import kith.circle.CircleId;
import kith.privacy.RelayPolicy;

/**
 * One call between two people, as a value.
 *
 * @param formerId the call that became this one when both called each other (glare)
 * @param ringers the callee's devices that were told of it, in that order
 * @param answerer the callee's seat, once a device took it
 * @param offer the description that came with the offer, for devices that connect later
 * @param trickled the caller's candidates meant for every device, for devices that connect later
 * @param relay the stricter wish of the two, as it was when it was offered
 * @param takenUp it was running when the server began: which devices rang before is not known
 */
public record Call(
    CallId id,
    Optional<CallId> formerId,
    CircleId circle,
    Media media,
    Instant offeredAt,
    CallState state,
    Seat caller,
    UserId callee,
    Map<DeviceId, Ringer> ringers,
    Optional<Seat> answerer,
    Optional<SessionDescription> offer,
    List<IceCandidate> trickled,
    RelayPolicy relay,
    Milestones milestones,
    boolean takenUp) {

  /** How many candidates are kept for devices that connect later. */
  static final int MAX_TRICKLED = 64;

  /**
   * How many devices of the callee are known to a call, those that went away among them: twice as
   * many as may be connected at a time.
   */
  static final int MAX_RINGERS = 32;

  /**
   * A device of the callee that was told of the call.
   *
   * @param negotiated it and the caller's device have exchanged an SDP offer and answer
   * @param rang how often it said that it rings
   */
  public record Ringer(Device device, boolean away, boolean negotiated, int rang) {
    public Ringer(Device device, boolean away, boolean negotiated) {
      this(device, away, negotiated, 0);
    }

    Ringer rings() {
      return new Ringer(device, away, negotiated, rang + 1);
    }

    Ringer goes() {
      return new Ringer(device, true, false, rang);
    }

    Ringer comes(Device as) {
      return new Ringer(as, false, false, rang);
    }

    Ringer negotiates() {
      return new Ringer(device, away, true, rang);
    }

    Ringer named(Device named) {
      return new Ringer(named, away, negotiated, rang);
    }
  }

  public Call {
    ringers = Collections.unmodifiableMap(new LinkedHashMap<>(ringers));
    trickled = List.copyOf(trickled);
  }

  public boolean isOver() {
    return state instanceof Ended;
  }

  /** The other of the two. */
  public UserId peerOf(UserId user) {
    return user.equals(callee) ? caller.device().user() : callee;
  }

  public boolean isParty(UserId user) {
    return user.equals(callee) || user.equals(caller.device().user());
  }

  /** It waits beside a call that the callee talks in. */
  public boolean isWaiting() {
    return state instanceof Unanswered unanswered && unanswered.waiting();
  }

  /** Who is in an answered call and does not hold it, talks. */
  public boolean isTalkedInBy(UserId user) {
    return state instanceof Answered && seatOf(user).filter(seat -> !seat.held()).isPresent();
  }

  /** The seat of one of the two, once there is one. */
  public Optional<Seat> seatOf(UserId user) {
    return user.equals(callee)
        ? answerer
        : Optional.of(caller).filter(seat -> seat.device().user().equals(user));
  }

  /** The device on the other seat, once there is one. */
  public Optional<DeviceId> peerDeviceOf(UserId user) {
    return user.equals(callee)
        ? Optional.of(caller.device().id())
        : answerer.map(seat -> seat.device().id());
  }

  /** Whether the two may not learn each other's addresses now. */
  boolean hidesAddresses() {
    return switch (relay) {
      case DIRECT -> false;
      case UNTIL_ANSWERED -> state instanceof Unanswered;
      case ALWAYS -> true;
    };
  }

  /** What it went through, once it is over. */
  public Optional<Timeline> timeline() {
    return state instanceof Ended ended
        ? Optional.of(Timeline.of(offeredAt, milestones, ended, reports()))
        : Optional.empty();
  }

  /** Whether the connection stood when the call was answered, if a side told. */
  public Optional<Boolean> wasWarm() {
    return Timeline.warm(reports()).map(Duration::isPositive);
  }

  /** The worse of what the two sides said. */
  public Optional<Quality> quality() {
    return Timeline.quality(reports());
  }

  /** What the two sides told. */
  public List<QualityReport> reports() {
    return Stream.concat(Stream.of(caller), answerer.stream()).map(Seat::report).toList();
  }

  /** How long they talked; empty if nobody answered, or it is not over. */
  public Optional<Duration> duration() {
    return state instanceof Ended ended
        ? ended.answeredAt().map(answeredAt -> Duration.between(answeredAt, ended.at()))
        : Optional.empty();
  }

  /** When something is due, if nothing happens before. */
  public Optional<Instant> deadline(CallSettings settings) {
    Stream<Instant> ofState =
        switch (state) {
          case Unanswered unanswered -> Stream.of(unanswered.expiresAt());
          case Connecting connecting -> Stream.of(connecting.failsAt());
          case Answered answered -> Stream.empty();
          case Ended ended -> Stream.empty();
        };
    Stream<Instant> ofSeats =
        isOver()
            ? Stream.empty()
            : Stream.concat(Stream.of(caller), answerer.stream())
                .flatMap(seat -> seat.lostAt(settings).stream());
    return Stream.concat(ofState, ofSeats).min(Instant::compareTo);
  }

  public boolean goesBy(CallId name) {
    return name.equals(id) || formerId.filter(name::equals).isPresent();
  }

  /** Whether one of the two talks, or will, by this device. */
  public boolean isSeated(Device device) {
    return isCaller(device) || isAnswerer(device);
  }

  boolean isCaller(Device device) {
    return caller.device().at().equals(device.at());
  }

  public boolean isAnswerer(Device device) {
    return answerer.filter(seat -> seat.device().at().equals(device.at())).isPresent();
  }

  boolean isNegotiated() {
    return answerer
        .map(seat -> ringers.get(seat.device().id()))
        .filter(Ringer::negotiated)
        .isPresent();
  }

  Call withState(CallState next) {
    return with(change -> change.state = next);
  }

  /** What it goes through as it becomes this one from the other. */
  Call after(Call before, Instant now) {
    return with(change -> change.milestones = milestones.passing(before.state, state, now));
  }

  /** The devices of its two seats, and those that ring, under what others call their users. */
  public Call named(Function<UserId, String> nameOf) {
    UnaryOperator<Device> named = device -> device.named(nameOf.apply(device.user()));
    var ringing = new LinkedHashMap<DeviceId, Ringer>();
    ringers.forEach((id, ringer) -> ringing.put(id, ringer.named(named.apply(ringer.device()))));
    return with(
        change -> {
          change.caller = caller.on(named.apply(caller.device()));
          change.answerer = answerer.map(seat -> seat.on(named.apply(seat.device())));
          change.ringers = ringing;
        });
  }

  Call withFormerId(CallId former) {
    return with(change -> change.formerId = Optional.of(former));
  }

  Call withCaller(Seat seat) {
    return with(change -> change.caller = seat);
  }

  Call withAnswerer(Seat seat) {
    return with(change -> change.answerer = Optional.of(seat));
  }

  Call withRinger(Ringer ringer) {
    var all = new LinkedHashMap<>(ringers);
    all.put(ringer.device().id(), ringer);
    return with(change -> change.ringers = all);
  }

  Call withoutRinger(DeviceId gone) {
    var all = new LinkedHashMap<>(ringers);
    all.remove(gone);
    return with(change -> change.ringers = all);
  }

  Call withOffer(Optional<SessionDescription> description, List<IceCandidate> candidates) {
    return with(
        change -> {
          change.offer = description;
          change.trickled = candidates;
        });
  }

  private Call with(Consumer<Change> changes) {
    var change = new Change(this);
    changes.accept(change);
    return change.made();
  }

  /** What becomes of a call as it goes on; who and what it is about stays. */
  private static final class Change {
    private final Call before;
    private Optional<CallId> formerId;
    private CallState state;
    private Seat caller;
    private Map<DeviceId, Ringer> ringers;
    private Optional<Seat> answerer;
    private Optional<SessionDescription> offer;
    private List<IceCandidate> trickled;
    private Milestones milestones;

    Change(Call before) {
      this.before = before;
      formerId = before.formerId;
      state = before.state;
      caller = before.caller;
      ringers = before.ringers;
      answerer = before.answerer;
      offer = before.offer;
      trickled = before.trickled;
      milestones = before.milestones;
    }

    Call made() {
      return new Call(
          before.id,
          formerId,
          before.circle,
          before.media,
          before.offeredAt,
          state,
          caller,
          before.callee,
          ringers,
          answerer,
          offer,
          trickled,
          before.relay,
          milestones,
          before.takenUp);
    }
  }

  /** Names no description and no candidate: it may be logged. */
  @Override
  public String toString() {
    return "call " + id + " " + state.wire();
  }
}
