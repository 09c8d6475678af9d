package kith.call.running;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import kith.auth.UserId;
import kith.call.Call;
import kith.call.CallEvent;
import kith.call.CallId;
import kith.call.CallMessage;
import kith.call.CallSettings;
import kith.call.CallState;
import kith.call.CallState.Answered;
import kith.call.CallState.Ended;
import kith.call.CallState.Unanswered;
import kith.call.DeviceId;
import kith.call.Endpoint;
import kith.call.Media;
import kith.call.MediaState;
import kith.call.Offer;
import kith.call.Reason;
import kith.call.Reply;
import kith.call.SessionDescription;

/**
 * A phone that follows docs/protocol.md as the app does: it rings, answers, declines and ends, and
 * resumes with the number of what it heard last.
 */
final class SimulatedPhone extends SpeakingDevice {
  private static final Duration ROOM = Duration.ofSeconds(5);
  private static final Duration RING = CallSettings.DEFAULTS.ring().plus(ROOM);
  private static final Duration CONNECT = CallSettings.DEFAULTS.connect().plus(ROOM);
  private static final Duration GRACE = CallSettings.DEFAULTS.grace();
  private static final Duration LOOK = Duration.ofSeconds(3);
  private static final SessionDescription OFFER =
      new SessionDescription(SessionDescription.Type.OFFER, "v=0");
  private static final SessionDescription ANSWER =
      new SessionDescription(SessionDescription.Type.ANSWER, "v=0");

  private State state = State.IDLE;

  /** Timers that were set before belong to what was before. */
  private int chapter;

  private CallId call;
  private boolean calls;
  private DeviceId far;
  private boolean offerSaid;
  private boolean offerKnown;

  /** The call of the other that came while this one's own was on its way. */
  private Optional<CallMessage.Offered> crossing = Optional.empty();

  private CallId replacedBy;
  private boolean active;
  private int lonely;
  private long received;
  private int ringing;

  /** The connection on which the server last said how the call stands. */
  private SimulatedLink tellsBy;

  private Instant toldAt = VirtualTime.BEGINNING;

  private final HeardInOrder heard = new HeardInOrder();

  /** Every call that it paid attention to. */
  private final Set<CallId> toldOf = new HashSet<>();

  private enum State {
    IDLE,
    CALLING,
    INCOMING,
    IN_CALL
  }

  SimulatedPhone(UserId user, String name, SimulatedWorld world) {
    super(new Endpoint(user, new DeviceId(name)), world);
  }

  @Override
  void comesBack() {
    // What rings still, it is told of again.
    crossing = Optional.empty();
    saysGoodbyesAgain();
    if (state == State.CALLING && !offerSaid) {
      offers();
    } else if (state != State.IDLE) {
      resumes();
    }
  }

  // --- Its user ---

  void calls() {
    if (state != State.IDLE) {
      return;
    }
    begins(State.CALLING, world.newCall(at));
    calls = true;
    world.tell(() -> at.device() + " calls as " + call);
    after(RING, this::waitsNoLonger);
    if (world.chance(40)) {
      after(world.between(200, 50_000), this::hangsUp);
    }
    if (link() != null) {
      offers();
    }
  }

  /** Its own clock ends the call, should the server be out of reach. */
  private void waitsNoLonger() {
    world.witness.holds(
        !hearsOn(tellsBy)
            || world.time.instant().isBefore(toldAt.plus(ROOM))
            || !world.wasDecided(call, ROOM),
        () -> at.device() + " was not told what became of its call");
    hangsUp();
  }

  private void isToldBy(SimulatedLink by) {
    tellsBy = by;
    toldAt = world.time.instant();
  }

  void hangsUp() {
    if (state == State.CALLING || state == State.IN_CALL) {
      goodbye(new CallEvent.HangsUp(call, device, Optional.empty()));
    }
  }

  private void decides() {
    int dice = world.oneOf(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    if (dice < 5) {
      after(world.between(100, 8_000), this::accepts);
    } else if (dice < 6) {
      after(world.between(8_000, 50_000), this::accepts);
    } else if (dice < 8) {
      after(world.between(100, 20_000), this::declines);
    }
  }

  private void accepts() {
    world.witness.takes(call, at);
    talks(call, far, false);
    answers();
  }

  private void declines() {
    goodbye(new CallEvent.Declines(call, device, false));
  }

  // --- What it says ---

  private void offers() {
    offerSaid = true;
    CallId id = call;
    SimulatedLink by = link();
    says(
        new Offer(
            Optional.of(id),
            device,
            world.otherThan(at.user()),
            Optional.empty(),
            Media.VIDEO,
            Optional.empty()),
        reply -> offerIsAnswered(by, id, reply));
  }

  private void answers() {
    CallId id = call;
    says(
        new CallEvent.Answers(id, device, Optional.empty()),
        reply -> {
          if (reply instanceof Reply.Refused && is(State.IN_CALL, id)) {
            ends();
          }
        });
  }

  private void resumes() {
    CallId id = call;
    SimulatedLink by = link();
    saysThatItIsBack(id, received, standing -> resumed(by, id, standing));
  }

  private void goodbye(CallEvent.FromDevice event) {
    if (state != State.CALLING || offerSaid) {
      saysGoodbye(event);
    }
    ends();
  }

  // --- What it is answered ---

  /** What it left may have become one with a call that began to ring here meanwhile. */
  @Override
  void goodbyeIsHeard(Reply reply) {
    if (state == State.INCOMING
        && reply instanceof Reply.Done done
        && done.call().isOver()
        && done.call().id().equals(call)) {
      ends();
    }
  }

  private void offerIsAnswered(SimulatedLink by, CallId id, Reply reply) {
    if (!is(State.CALLING, id)) {
      return;
    }
    isToldBy(by);
    Optional<CallMessage.Offered> theirs = crossing;
    if (!(reply instanceof Reply.Done done) || done.call().isOver()) {
      ends();
      theirs.ifPresent(this::isCalled);
    } else if (theirs.filter(it -> it.callId().equals(done.call().id())).isPresent()) {
      joins(done.call().id(), theirs.get().from().id());
    } else {
      offerKnown = true;
    }
  }

  private void resumed(SimulatedLink by, CallId id, Calls.Resumed standing) {
    if (state == State.IDLE || !id.equals(call)) {
      return;
    }
    Optional<Call> running = standing.call().filter(it -> !it.isOver());
    if (running.isEmpty()) {
      if (state == State.CALLING && !offerKnown && standing.end().isEmpty()) {
        offers();
      } else {
        ends();
      }
      return;
    }
    world.count("resumed");
    offerKnown = true;
    isToldBy(by);
    if (state == State.IN_CALL) {
      boolean unanswered = running.get().state() instanceof Unanswered;
      if (unanswered && !calls) {
        world.count("answered again");
        answers();
      }
      if (active && (unanswered || running.get().state() instanceof CallState.Connecting)) {
        says(new CallEvent.Connects(call, device));
      }
    }
  }

  // --- What it hears ---

  @Override
  void hears(CallMessage message, long number, SimulatedServer from) {
    CallId id = message.callId();
    if (number > 0 && state != State.IDLE && id.equals(call) && number <= received) {
      return;
    }
    world.tell(() -> "  " + at.device() + " hears " + number + " " + message);
    nothingWasMissed(id, number, from);
    hears(message);
    if (number > 0 && state != State.IDLE && id.equals(call)) {
      received = number;
    }
  }

  /** The caller is there from the beginning: no message may be left out. */
  private void nothingWasMissed(CallId id, long number, SimulatedServer from) {
    if (number > 0 && calls && id.equals(call)) {
      world.witness.holds(
          heard.comesNext(id, number, from),
          () -> at.device() + " hears " + number + " and not what came before");
    }
  }

  private void hears(CallMessage message) {
    CallId id = message.callId();
    boolean mine = state != State.IDLE && id.equals(call);
    switch (message) {
      case CallMessage.Offered offered -> isCalled(offered);
      case CallMessage.Rings rings -> {
        if (is(State.CALLING, id)) {
          says(new CallEvent.Describes(id, device, rings.from().id(), OFFER));
        }
      }
      case CallMessage.Answered answered -> {
        if (is(State.CALLING, id)) {
          talks(id, answered.from().id(), true);
        } else if (is(State.IN_CALL, id) && !active) {
          goesOnWith(answered.from().id());
        }
      }
      case CallMessage.Described described -> {
        if (mine && !described.description().isAnswer()) {
          says(new CallEvent.Describes(id, device, described.from().id(), ANSWER));
        }
      }
      case CallMessage.Elsewhere elsewhere -> {
        forgetsThatCame(id);
        if (mine && !calls) {
          ends();
        }
      }
      case CallMessage.Declined declined -> {
        if (mine) {
          ends();
        }
      }
      case CallMessage.Ended ended -> isOver(ended, mine);
      case CallMessage.Snapshot snapshot -> {
        if (mine && snapshot.state() instanceof Ended) {
          ends();
        } else if (mine && state == State.IN_CALL && snapshot.state() instanceof Answered) {
          snapshot.peerDevice().ifPresent(this::goesOnWith);
        }
      }
      case CallMessage.Trickled trickled -> {}
      case CallMessage.Shows shows -> {}
      case CallMessage.Held held -> {}
      case CallMessage.PeerConnection connection -> {}
    }
  }

  /**
   * The device it took to have answered is another, where the server died before it wrote that
   * down.
   */
  private void goesOnWith(DeviceId named) {
    if (calls && !named.equals(far)) {
      world.count("strayed");
      world.witness.talk(call, new Endpoint(world.otherThan(at.user()), named));
      far = named;
      lonely = 0;
    }
  }

  private void isCalled(CallMessage.Offered offered) {
    CallId id = offered.callId();
    if (state == State.IDLE || state == State.CALLING || id.equals(call)) {
      toldOf.add(id);
    }
    if (saidGoodbyeTo(id)) {
      return;
    }
    if (is(State.INCOMING, id)) {
      rings(offered);
    } else if (state == State.CALLING) {
      if (offered.replaces().filter(call::equals).isPresent() || id.equals(replacedBy)) {
        joins(id, offered.from().id());
      } else {
        crossing = Optional.of(offered);
      }
    } else if (state == State.IDLE && offered.state() instanceof Unanswered) {
      begins(State.INCOMING, id);
      rings(offered);
      decides();
    }
  }

  private void rings(CallMessage.Offered offered) {
    far = offered.from().id();
    isToldBy(link());
    int now = ++ringing;
    after(offered.expiresIn().plus(ROOM), () -> ringsNoLonger(now));
    says(new CallEvent.Rings(call, device));
  }

  /** Its own clock stops the bell, should the server be out of reach. */
  private void ringsNoLonger(int since) {
    if (state == State.INCOMING && ringing == since) {
      world.count("rang until its own clock");
      world.witness.holds(
          !hearsOn(tellsBy) || world.mayRing(call, ROOM),
          () -> at.device() + " was not told to stop ringing");
      ends();
    }
  }

  private void isOver(CallMessage.Ended ended, boolean mine) {
    if (!mine) {
      forgetsThatCame(ended.callId());
    } else if (state == State.CALLING && ended.replacedBy().isPresent()) {
      replacedBy = ended.replacedBy().get();
    } else {
      ends();
    }
  }

  /** The call that came while its own was on its way rings no more. */
  private void forgetsThatCame(CallId id) {
    crossing = crossing.filter(theirs -> !theirs.callId().equals(id));
  }

  // --- How it stands ---

  private void begins(State next, CallId id) {
    ends();
    state = next;
    call = id;
  }

  private void ends() {
    chapter++;
    state = State.IDLE;
    call = null;
    calls = false;
    offerSaid = false;
    offerKnown = false;
    crossing = Optional.empty();
    replacedBy = null;
    tellsBy = null;
    received = 0;
  }

  /** Both called each other, and the other's call is the one that stays. */
  private void joins(CallId theirs, DeviceId from) {
    world.count("glare, joined");
    world.witness.takes(theirs, at);
    received = 0;
    call = theirs;
    talks(theirs, from, false);
  }

  private void talks(CallId id, DeviceId with, boolean asCaller) {
    chapter++;
    state = State.IN_CALL;
    calls = asCaller;
    far = with;
    active = false;
    lonely = 0;
    if (asCaller) {
      world.witness.talk(id, new Endpoint(world.otherThan(at.user()), with));
    }
    after(world.between(1_000, 60_000), this::hangsUp);
    after(CONNECT, this::connectTimePassed);
    after(world.between(100, 3_000), this::looksForMedia);
  }

  private void connectTimePassed() {
    if (!active) {
      goodbye(new CallEvent.HangsUp(call, device, Optional.of(Reason.CONNECT_FAILED)));
    }
  }

  /**
   * Media flows while the other phone is in the call with this one, whatever the server is doing.
   */
  private void looksForMedia() {
    boolean flows = world.mediaGetsThrough(call) && world.phone(far).isWith(at.device(), call);
    if (flows && !active) {
      active = true;
      world.count("connected");
      says(new CallEvent.Connects(call, device));
    }
    lonely = flows ? 0 : lonely + 1;
    if (active && LOOK.multipliedBy(lonely).compareTo(GRACE) > 0) {
      world.count("ended for want of media");
      goodbye(new CallEvent.HangsUp(call, device, Optional.of(Reason.CONNECTION_LOST)));
      return;
    }
    if (world.chance(20)) {
      says(new CallEvent.Shows(call, device, new MediaState(true, world.chance(50), false)));
    }
    after(LOOK, this::looksForMedia);
  }

  private boolean isWith(DeviceId other, CallId id) {
    return is(State.IN_CALL, id) && other.equals(far);
  }

  private boolean is(State one, CallId id) {
    return state == one && id.equals(call);
  }

  private void after(Duration wait, Runnable then) {
    int now = chapter;
    world.time.after(
        wait,
        () -> {
          if (chapter == now) {
            then.run();
          }
        });
  }

  /** Whether it has been connected for a while, and knows nothing of a call that is for it. */
  boolean missed(CallId one) {
    return isConnectedSince(ROOM) && !toldOf.contains(one);
  }

  /** Nothing is left of any call. */
  boolean isAtRest() {
    return state == State.IDLE && hasSaidAll() && link() != null;
  }

  @Override
  public String toString() {
    return at.device() + " " + state + " " + call + super.toString();
  }
}
