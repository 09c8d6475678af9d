package kith.call.running;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import kith.auth.User;
import kith.auth.UserId;
import kith.call.CallEvent;
import kith.call.CallId;
import kith.call.CallMessage;
import kith.call.CallSettings;
import kith.call.Device;
import kith.call.DeviceId;
import kith.call.Endpoint;
import kith.call.ErrorCode;
import kith.call.IceCandidate;
import kith.call.Media;
import kith.call.MediaState;
import kith.call.Offer;
import kith.call.Reason;
import kith.call.Reply;
import kith.circle.CircleId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of calls while the database is away. */
class CallRunnerTest {
  private static final Device ALICE = device("alice");
  private static final Device BOB = device("bob");
  private static final Device CAROL = device("carol");
  private static final CallId CALL = new CallId(new UUID(0, 1));

  private final VirtualTime time = new VirtualTime();
  private final CallsInMemory store = new CallsInMemory();
  private final List<CallMessage> bobHears = new ArrayList<>();
  private final List<Long> bobsNumbers = new ArrayList<>();
  private final OneCircle circle = new OneCircle();
  private final Phones devices = new Phones();
  private Runnable bobSaysAtOnce = () -> {};
  private Reply answer;
  private Calls calls;

  @BeforeEach
  void start() {
    circle.join(ALICE.user());
    circle.join(BOB.user());
    calls = CallsInVirtualTime.on(store, CallSettings.DEFAULTS, circle, devices, time);
  }

  /** All are there. */
  private final class Phones implements Devices {
    long bobsConnection = 1;

    @Override
    public List<Device> of(UserId user) {
      return Stream.of(ALICE, BOB, CAROL).filter(it -> it.user().equals(user)).toList();
    }

    @Override
    public long connectionOf(Endpoint device) {
      return device.equals(BOB.at()) ? bobsConnection : 1;
    }

    @Override
    public boolean tell(Endpoint to, long connection, CallMessage message, long number) {
      if (connection != connectionOf(to)) {
        return false;
      }
      if (to.equals(BOB.at())) {
        bobHears.add(message);
        bobsNumbers.add(number);
        bobSaysAtOnce.run();
      }
      return true;
    }
  }

  private static Device device(String user) {
    return device(user, user + "'s phone");
  }

  private static Device device(String user, String id) {
    return new Device(new Endpoint(new UserId(user), new DeviceId(id)), user, true, false);
  }

  private void aliceCallsBob() {
    calls.offer(offer(CALL, ALICE, BOB), reply -> answer = reply);
  }

  private static Offer offer(CallId call, Device by, Device to) {
    return new Offer(
        Optional.of(call), by, to.user(), Optional.empty(), Media.VIDEO, Optional.empty());
  }

  private void says(CallEvent.FromDevice event) {
    calls.hear(CALL, event, reply -> answer = reply);
  }

  private void isRefused(ErrorCode code) {
    assertEquals(code, assertInstanceOf(Reply.Refused.class, answer).code());
  }

  @Test
  void aCallThatCannotBeWrittenDownDoesNotBegin() {
    store.broken = true;
    aliceCallsBob();
    isRefused(ErrorCode.UNAVAILABLE);
    assertEquals(List.of(), bobHears);
    store.broken = false;
    aliceCallsBob();
    assertInstanceOf(Reply.Done.class, answer);
    assertEquals(1, bobHears.size());
  }

  @Test
  void whoIsRungNeedNotWaitUntilTheCallIsWrittenDown() {
    bobSaysAtOnce =
        () ->
            calls.hear(
                ALICE.user(), BOB, id -> new CallEvent.Declines(id, BOB, false), it -> answer = it);
    aliceCallsBob();
    assertInstanceOf(Reply.Done.class, answer);
    assertEquals(List.of(CALL), store.ends);
  }

  @Test
  void whoComesBackBeforeTheCallIsWrittenDownFindsIt() {
    var found = new ArrayList<Calls.Resumed>();
    bobSaysAtOnce =
        () -> {
          bobSaysAtOnce = () -> {};
          calls.resume(BOB, Set.of(CALL), Map.of(), found::addAll);
        };
    aliceCallsBob();
    assertTrue(found.getFirst().call().isPresent());
  }

  @Test
  void aCallThatCannotBeWrittenDownAfterAllStopsRinging() {
    store.takesNoMore = true;
    aliceCallsBob();
    isRefused(ErrorCode.UNAVAILABLE);
    assertInstanceOf(CallMessage.Offered.class, bobHears.getFirst());
    assertInstanceOf(CallMessage.Ended.class, bobHears.getLast());
    says(new CallEvent.Answers(CALL, BOB, Optional.empty()));
    isRefused(ErrorCode.NOT_FOUND);
    assertEquals(List.of(), store.ends);
  }

  @Test
  void aCallThatNeverBeganIsNotOneThatNobodyAnswered() {
    store.takesNoMore = true;
    for (int i = 0; i < 10; i++) {
      aliceCallsBob();
      isRefused(ErrorCode.UNAVAILABLE);
    }
    store.takesNoMore = false;
    aliceCallsBob();
    assertInstanceOf(Reply.Done.class, answer);
  }

  @Test
  void aCallOfWhichNobodyCanBeToldLeavesBothFree() {
    bobSaysAtOnce =
        () -> {
          bobSaysAtOnce = () -> {};
          throw new IllegalStateException("what nobody thought of");
        };
    aliceCallsBob();
    isRefused(ErrorCode.UNAVAILABLE);
    assertTrue(calls.isEmpty());
    aliceCallsBob();
    assertInstanceOf(Reply.Done.class, answer);
  }

  @Test
  void whoWasRungByAServerThatDiedBeforeTheCallWasWrittenDownIsRungUnderAGreaterNumber() {
    store.takesNoMore = true;
    aliceCallsBob();
    long before = bobsNumbers.getLast();
    time.goOn(Duration.ofSeconds(3));
    bobsNumbers.clear();
    store.takesNoMore = false;
    start();
    aliceCallsBob();
    assertTrue(bobsNumbers.getFirst() > before, () -> bobsNumbers + " after " + before);
  }

  @Test
  void aConnectionThatTookThePlaceOfAnotherHearsNothingUntilItResumes() {
    aliceCallsBob();
    says(new CallEvent.Answers(CALL, BOB, Optional.empty()));
    long heard = bobsNumbers.getLast();
    alicesMicrophone(false);
    // The one before was dead, unnoticed: this was lost. Bob is back, which the call is about to
    // hear.
    bobHears.clear();
    bobsNumbers.clear();
    devices.bobsConnection++;
    alicesMicrophone(true);
    assertEquals(List.of(), bobHears);
    calls.deviceWent(BOB.at());
    calls.deviceCame(BOB);
    calls.resume(BOB, Set.of(CALL), Map.of(CALL, heard), standing -> {});
    assertInstanceOf(CallMessage.Snapshot.class, bobHears.removeFirst());
    assertEquals(List.of(0L, heard + 1, heard + 2), bobsNumbers);
    assertEquals(
        List.of(false, true),
        bobHears.stream().map(it -> ((CallMessage.Shows) it).media().audio()).toList());
    alicesMicrophone(false);
    assertEquals(heard + 3, bobsNumbers.getLast());
  }

  private void alicesMicrophone(boolean on) {
    says(new CallEvent.Shows(CALL, ALICE, new MediaState(on, true, false)));
  }

  @Test
  void aCallIdThatWasUsedBeforeRingsNowhere() {
    aliceCallsBob();
    says(new CallEvent.HangsUp(CALL, ALICE, Optional.empty()));
    time.goOn(Duration.ofMinutes(10));
    bobHears.clear();
    aliceCallsBob();
    isRefused(ErrorCode.CONFLICT);
    assertEquals(List.of(), bobHears);
  }

  @Test
  void aCallThatRunsGoesOnAndItsEndIsWrittenOnceTheDatabaseIsBack() {
    aliceCallsBob();
    store.broken = true;
    says(new CallEvent.Answers(CALL, BOB, Optional.empty()));
    assertInstanceOf(Reply.Done.class, answer);
    time.goOn(Duration.ofSeconds(10));
    says(new CallEvent.HangsUp(CALL, ALICE, Optional.empty()));
    assertInstanceOf(CallMessage.Ended.class, bobHears.getLast());
    time.goOn(Duration.ofMinutes(10));
    assertEquals(List.of(), store.ends);
    store.broken = false;
    time.goOn(Duration.ofSeconds(2));
    assertEquals(List.of(CALL), store.ends);
    assertEquals(Optional.of(Duration.ofSeconds(10)), store.rows.get(CALL).duration());
    time.goOn(Duration.ofMinutes(10));
    says(new CallEvent.HangsUp(CALL, ALICE, Optional.empty()));
    isRefused(ErrorCode.NOT_FOUND);
  }

  @Test
  void whoHearsThatACallIsOverFindsItsEndWrittenDownHoweverItEnded() {
    var late = new AtomicReference<>(Duration.ZERO);
    var clocked =
        new Calls(
            CallSettings.DEFAULTS,
            circle,
            devices,
            store,
            () -> time.instant().plus(late.get()),
            time,
            new SameThread());
    var written = new ArrayList<Boolean>();
    clocked.onEnded(call -> written.add(store.ends.contains(call.id())));
    clocked.offer(offer(CALL, ALICE, BOB), reply -> answer = reply);
    // Its time has passed, and the timer is about to say so.
    late.set(Duration.ofMinutes(1));
    clocked.hear(CALL, new CallEvent.Answers(CALL, BOB, Optional.empty()), it -> answer = it);
    isRefused(ErrorCode.CONFLICT);
    assertEquals(List.of(true), written);
  }

  @Test
  void whatWasSaidBeforeTheServerStopsIsAnsweredAndWrittenDown() {
    var threads = new Threads();
    var stopping =
        new Calls(CallSettings.DEFAULTS, circle, devices, store, time, Timers.by(time), threads);
    stopping.offer(offer(CALL, ALICE, BOB), reply -> answer = reply);
    threads.busy = true;
    stopping.hear(
        CALL, new CallEvent.Answers(CALL, BOB, Optional.empty()), reply -> answer = reply);
    stopping.close();
    assertEquals("connecting", assertInstanceOf(Reply.Done.class, answer).call().state().wire());
    assertEquals("connecting", store.rows.get(CALL).state().wire());
  }

  /** While it is busy, tasks wait; once it is to stop, they run. */
  private static final class Threads extends AbstractExecutorService {
    boolean busy;
    private final List<Runnable> waiting = new ArrayList<>();

    @Override
    public void execute(Runnable task) {
      if (busy) {
        waiting.add(task);
      } else {
        task.run();
      }
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      waiting.forEach(Runnable::run);
      return true;
    }

    @Override
    public void shutdown() {}

    @Override
    public List<Runnable> shutdownNow() {
      return waiting;
    }

    @Override
    public boolean isShutdown() {
      return false;
    }

    @Override
    public boolean isTerminated() {
      return false;
    }
  }

  @Test
  void aCallThatIsOverLeavesNothingBehind() {
    aliceCallsBob();
    says(new CallEvent.HangsUp(CALL, ALICE, Optional.empty()));
    assertFalse(calls.isEmpty());
    time.goOn(Duration.ofMinutes(10));
    assertTrue(calls.isEmpty());
  }

  @Test
  void aCallThatTheServerCannotGoOnWithIsOverForBoth() {
    aliceCallsBob();
    says(new CallEvent.Trickles(CALL, ALICE, Optional.empty(), new BrokenList()));
    assertTrue(
        bobHears.getLast() instanceof CallMessage.Ended ended
            && ended.reason() == Reason.SERVER_ERROR);
    assertEquals(List.of(CALL), store.ends);
    assertTrue(assertInstanceOf(Reply.Done.class, answer).call().isOver());
    time.goOn(Duration.ofMinutes(10));
    assertTrue(calls.isEmpty());
  }

  /** What nobody thought of. */
  private static final class BrokenList extends AbstractList<IceCandidate> {
    @Override
    public IceCandidate get(int index) {
      throw new IllegalStateException("broken");
    }

    @Override
    public int size() {
      return 1;
    }
  }

  @Test
  void whoLeavesWhileTheCallIsMadeLeavesTheCall() {
    Calls leaving = whereBobLeaves();
    leaving.offer(offer(CALL, ALICE, BOB), reply -> answer = reply);
    assertTrue(
        bobHears.getLast() instanceof CallMessage.Ended ended
            && ended.reason() == Reason.REMOVED_FROM_CIRCLE);
    assertFalse(leaving.isTalking(BOB.user()));
  }

  @Test
  void whoLeavesWhileTheyAreCalledEndsNoOtherCallOfTheCaller() {
    Calls leaving = whereBobLeaves();
    leaving.offer(offer(CALL, ALICE, CAROL), reply -> answer = reply);
    leaving.hear(CALL, new CallEvent.Answers(CALL, CAROL, Optional.empty()), reply -> {});
    Device tablet = device("alice", "alice's tablet");
    leaving.offer(offer(new CallId(new UUID(0, 2)), tablet, BOB), reply -> answer = reply);
    isRefused(ErrorCode.BUSY);
    assertTrue(leaving.isTalking(CAROL.user()));
  }

  private Calls whereBobLeaves() {
    return CallsInVirtualTime.on(
        new CallsInMemory(), CallSettings.DEFAULTS, new LeavingCircle(), devices, time);
  }

  /** Bob is in it at the first look, and not at the second. */
  private static final class LeavingCircle implements Directory {
    private final OneCircle circle = new OneCircle();
    private int looks;

    LeavingCircle() {
      circle.join(ALICE.user());
      circle.join(BOB.user());
      circle.join(CAROL.user());
    }

    @Override
    public Optional<CircleId> sharedCircle(UserId one, UserId other, Optional<CircleId> wanted) {
      if (other.equals(BOB.user()) && looks++ > 0) {
        circle.leave(BOB.user());
      }
      return circle.sharedCircle(one, other, wanted);
    }

    @Override
    public Set<UserId> acquaintances(UserId user) {
      return circle.acquaintances(user);
    }

    @Override
    public Optional<User> user(UserId id) {
      return circle.user(id);
    }
  }
}
