package kith.call.running;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import kith.auth.UserId;
import kith.call.Call;
import kith.call.CallEvent;
import kith.call.CallId;
import kith.call.CallMessage;
import kith.call.CallSettings;
import kith.call.CallState;
import kith.call.CallState.Answered;
import kith.call.CallState.Unanswered;
import kith.call.CallWaiting;
import kith.call.Device;
import kith.call.DeviceId;
import kith.call.Endpoint;
import kith.call.IceCandidate;
import kith.call.Media;
import kith.call.MediaState;
import kith.call.Offer;
import kith.call.QualityReport;
import kith.call.Reason;
import kith.call.Reply;
import kith.call.Seat;
import kith.call.SessionDescription;

/** A world of three users that does something random at each step, and knows what must hold. */
final class ChaoticWorld implements Devices {
  private static final CallSettings SETTINGS = CallSettings.DEFAULTS;
  private static final SessionDescription SDP =
      new SessionDescription(SessionDescription.Type.ANSWER, "v=0");
  private static final IceCandidate CANDIDATE =
      new IceCandidate("candidate:1", Optional.of("0"), Optional.of(0), Optional.empty());

  final VirtualTime time = new VirtualTime();
  int answered;
  int glares;
  int resumed;
  int takenBeside;

  private final Random random;
  private final CallsInMemory store = new CallsInMemory();
  private final OneCircle circle = new OneCircle();
  private final List<ChaoticDevice> devices = new ArrayList<>();
  private final List<String> story = new ArrayList<>();
  private final List<CallId> ids = new ArrayList<>();
  private final Map<CallId, Endpoint> winners = new HashMap<>();
  private final Map<CallId, Reason> reasons = new HashMap<>();
  private final Map<CallId, Endpoint> waitedOn = new HashMap<>();
  private Optional<AssertionError> broken = Optional.empty();
  private int restarts;
  private Calls calls;

  ChaoticWorld(long seed) {
    random = new Random(seed);
    for (String id : List.of("a1", "a2", "b1", "b2", "c1")) {
      var device = new ChaoticDevice(id);
      devices.add(device);
      circle.join(device.at.user());
    }
    start();
    devices.forEach(ChaoticDevice::connect);
  }

  /** What happened, for whoever reads a failure. */
  List<String> story() {
    return story;
  }

  private void start() {
    calls = CallsInVirtualTime.on(store, SETTINGS, circle, this, time);
  }

  void step() {
    ChaoticDevice device = devices.get(random.nextInt(devices.size()));
    int dice = random.nextInt(100);
    if (dice < 20) {
      pass(Duration.ofMillis(random.nextInt(dice < 1 ? 50_000 : 3_000)));
    } else if (dice < 28) {
      device.flipConnection();
    } else if (dice < 30) {
      device.dieUnnoticed();
    } else if (dice < 31) {
      crash();
    } else if (dice < 32) {
      leaveOrJoin(device);
    } else if (device.connected) {
      device.act();
    }
  }

  private void pass(Duration duration) {
    story.add(duration.toMillis() + " ms pass");
    time.goOn(duration);
  }

  private void crash() {
    story.add("the server crashes and comes back");
    restarts++;
    time.close();
    devices.forEach(device -> device.connected = false);
    start();
    pass(Duration.ofMillis(random.nextInt(20_000)));
  }

  private void leaveOrJoin(ChaoticDevice device) {
    UserId user = device.at.user();
    if (circle.acquaintances(user).isEmpty()) {
      circle.join(user);
    } else {
      story.add(user + " leaves the circle");
      circle.leave(user);
      calls.leftCircle(user, OneCircle.FAMILY);
      circle.join(user);
    }
  }

  void everyoneGoesHome() {
    devices.forEach(ChaoticDevice::disconnect);
    pass(Duration.ofMinutes(3));
  }

  long running() {
    return store.rows.values().stream().filter(call -> !call.isOver()).count();
  }

  boolean anyoneRings() {
    return store.rows.values().stream().anyMatch(call -> call.state() instanceof Unanswered);
  }

  /** Fails at the next look: the server would catch it, and go on. */
  private void sees(Runnable assertion) {
    try {
      assertion.run();
    } catch (AssertionError failed) {
      if (broken.isEmpty()) {
        broken = Optional.of(failed);
      }
    }
  }

  /** What must hold at any time. */
  void check() {
    broken.ifPresent(
        failed -> {
          throw failed;
        });
    var callsOf = new HashMap<UserId, List<Call>>();
    for (Call call : store.rows.values()) {
      if (call.isOver()) {
        CallState.Ended ended = (CallState.Ended) call.state();
        assertNotEquals(Reason.SERVER_ERROR, ended.reason(), "the server failed in " + call);
        continue;
      }
      for (UserId user : List.of(call.caller().device().user(), call.callee())) {
        callsOf.computeIfAbsent(user, newcomer -> new ArrayList<>()).add(call);
      }
      boolean longWaited = !time.instant().isBefore(call.offeredAt().plus(CallSettings.WAIT));
      assertFalse(call.isWaiting() && longWaited, () -> call + " waits for ever");
    }
    callsOf.forEach(ChaoticWorld::checkCallsOf);
    for (ChaoticDevice device : devices) {
      UserId user = device.at.user();
      boolean talks =
          callsOf.getOrDefault(user, List.of()).stream()
              .anyMatch(call -> call.state() instanceof Answered);
      assertEquals(talks, calls.isTalking(user), () -> user + " talks, or not");
    }
    assertEquals(
        store.ends.size(), new HashSet<>(store.ends).size(), "a call was written as ended twice");
  }

  private static void checkCallsOf(UserId user, List<Call> theirs) {
    assertTrue(theirs.size() <= 2, () -> user + " is in " + theirs);
    if (theirs.size() == 2) {
      assertTrue(
          CallWaiting.mayBeInBoth(user, theirs.getFirst(), theirs.getLast()),
          () -> user + " is in " + theirs + " at once");
      var talksOn =
          theirs.stream().flatMap(call -> call.seatOf(user).stream()).map(Seat::device).toList();
      var places = talksOn.stream().map(Device::at).distinct().toList();
      assertEquals(1, places.size(), () -> user + " is in two calls on " + places);
    } else {
      assertFalse(
          theirs.getFirst().isWaiting() && theirs.getFirst().callee().equals(user),
          () -> user + " has a call that waits for nothing");
    }
  }

  @Override
  public List<Device> of(UserId user) {
    return devices.stream()
        .filter(device -> device.connected && device.at.user().equals(user))
        .map(ChaoticDevice::device)
        .toList();
  }

  @Override
  public long connectionOf(Endpoint at) {
    return devices.stream()
        .filter(device -> device.at.equals(at) && device.connected)
        .mapToLong(device -> device.connection)
        .sum();
  }

  @Override
  public boolean tell(Endpoint to, long connection, CallMessage message, long number) {
    return devices.stream()
        .filter(device -> device.at.equals(to) && device.connected)
        .filter(device -> device.connection == connection)
        .peek(device -> sees(() -> device.hear(message, number)))
        .findFirst()
        .isPresent();
  }

  private final class ChaoticDevice {
    final Endpoint at;
    boolean connected;
    private long connection;

    /** The server has not noticed that nothing arrives any more. */
    private boolean deaf;

    private final Map<CallId, Long> heardLast = new LinkedHashMap<>();
    private final Map<CallId, Integer> heardIn = new HashMap<>();
    private final Set<CallId> over = new HashSet<>();

    ChaoticDevice(String id) {
      String user = Map.of('a', "alice", 'b', "bob", 'c', "carol").get(id.charAt(0));
      at = new Endpoint(new UserId(user), new DeviceId(id));
    }

    Device device() {
      boolean ours = at.device().value().endsWith("1");
      return new Device(at, "someone", ours, !at.device().value().equals("b2"));
    }

    void flipConnection() {
      if (connected && !deaf) {
        disconnect();
      } else {
        connect();
      }
    }

    void dieUnnoticed() {
      story.add(at.device() + " goes deaf");
      deaf = true;
    }

    void disconnect() {
      if (connected) {
        story.add(at.device() + " disconnects");
        connected = false;
        deaf = false;
        calls.deviceWent(at);
      }
    }

    void connect() {
      story.add(at.device() + " connects");
      if (connected) {
        calls.deviceWent(at);
      }
      connected = true;
      connection++;
      deaf = false;
      calls.deviceCame(device());
      if (random.nextInt(10) < 8) {
        resume();
      }
    }

    private void resume() {
      var known = Set.copyOf(heardLast.keySet());
      calls.resume(
          device(),
          known,
          heardLast,
          answers -> {
            sees(() -> assertEquals(known.size(), answers.size()));
            resumed += (int) answers.stream().filter(it -> it.call().isPresent()).count();
          });
    }

    void act() {
      List<Call> own = calls.callsOf(at.user());
      Optional<Call> current =
          own.isEmpty() ? Optional.empty() : Optional.of(own.get(random.nextInt(own.size())));
      if (own.stream().anyMatch(Call::isWaiting) && random.nextInt(3) > 0) {
        takesWhatWaits(own);
        return;
      }
      CallId id = random.nextInt(4) > 0 ? current.map(Call::id).orElseGet(this::someId) : someId();
      var by = device();
      switch (random.nextInt(21)) {
        case 0, 1, 11, 12 -> offer();
        case 2 -> say(new CallEvent.Rings(id, by));
        case 3, 4, 5, 13, 14 ->
            say(
                new CallEvent.Answers(
                    id, by, random.nextBoolean() ? Optional.of(SDP) : Optional.empty()));
        case 6 -> say(new CallEvent.Declines(id, by, random.nextBoolean()));
        case 7 ->
            say(
                new CallEvent.HangsUp(
                    id,
                    by,
                    random.nextBoolean() ? Optional.of(Reason.CONNECT_FAILED) : Optional.empty()));
        case 8 -> say(new CallEvent.Describes(id, by, someDevice(), SDP));
        case 9 ->
            say(
                new CallEvent.Trickles(
                    id,
                    by,
                    random.nextBoolean() ? Optional.of(someDevice()) : Optional.empty(),
                    List.of(CANDIDATE)));
        case 10 -> say(new CallEvent.Shows(id, by, new MediaState(true, false, false)));
        case 15 -> say(new CallEvent.Reports(id, by, new QualityReport(Map.of("rttMs", 20))));
        case 16 -> say(new CallEvent.Leaves(id, by));
        case 17, 18 -> say(new CallEvent.Holds(id, by, random.nextInt(3) > 0));
        default -> say(new CallEvent.Connects(id, by));
      }
    }

    /** As the app does it: holds one call and takes the other. */
    private void takesWhatWaits(List<Call> own) {
      own.stream()
          .sorted(Comparator.comparing(Call::isWaiting))
          .forEach(
              call ->
                  say(
                      call.isWaiting()
                          ? new CallEvent.Answers(call.id(), device(), Optional.empty())
                          : new CallEvent.Holds(call.id(), device(), true)));
    }

    private void offer() {
      UserId to =
          calls.callsOf(at.user()).stream()
              .filter(call -> random.nextInt(3) > 0)
              .findFirst()
              .map(call -> call.peerOf(at.user()))
              .orElseGet(() -> new UserId(List.of("alice", "bob", "carol").get(random.nextInt(3))));
      Optional<CallId> id =
          switch (random.nextInt(10)) {
            case 0 -> Optional.empty();
            case 1 -> Optional.of(someId());
            default -> Optional.of(newId());
          };
      story.add(at.device() + " calls " + to + " as " + id);
      calls.offer(
          new Offer(id, device(), to, Optional.empty(), Media.VIDEO, Optional.of(SDP)),
          reply -> {
            story.add("  " + reply);
            if (reply instanceof Reply.Done done && done.call().state() instanceof Answered) {
              glares += winners.put(done.call().id(), winner(done.call())) == null ? 1 : 0;
            }
          });
    }

    private Endpoint winner(Call call) {
      return call.answerer().orElseThrow().device().at();
    }

    private void say(CallEvent.FromDevice event) {
      story.add(at.device() + " says " + event);
      calls.hear(
          event.callId(),
          event,
          reply -> {
            story.add("  " + reply);
            if (reply instanceof Reply.Done done && event instanceof CallEvent.Answers) {
              sees(() -> assertWins(done.call()));
              if (winners.put(done.call().id(), at) == null) {
                answered++;
                takenBeside += waitedOn.containsKey(done.call().id()) ? 1 : 0;
              }
            }
          });
    }

    private void assertWins(Call call) {
      assertEquals(at, winner(call), "an answer was taken from a loser");
      assertEquals(at, winners.getOrDefault(call.id(), at), "two winners");
    }

    void hear(CallMessage message, long number) {
      if (deaf) {
        return;
      }
      story.add("  " + at.device() + " hears " + number + " " + message);
      CallId id = message.callId();
      assertFalse(
          over.contains(id) && !maySayAgain(message),
          () -> at.device() + " hears of a call after its end");
      if (number > 0) {
        boolean sameServer = heardIn.getOrDefault(id, restarts) == restarts;
        long last = heardLast.getOrDefault(id, 0L);
        assertTrue(number > last, () -> at.device() + " hears " + number + " after " + last);
        boolean caller = store.rows.containsKey(id) && isCallerOf(store.rows.get(id));
        if (caller && sameServer && last > 0) {
          assertEquals(last + 1, number, () -> at.device() + " has missed a message");
        }
        heardLast.put(id, number);
        heardIn.put(id, restarts);
      }
      if (message instanceof CallMessage.Offered offered
          && offered.state() instanceof Unanswered unanswered
          && unanswered.waiting()) {
        assertEquals(at, waitedOn.getOrDefault(id, at), "it waits on two devices");
        waitedOn.put(id, at);
      }
      if (message instanceof CallMessage.Ended ended) {
        over.add(id);
        Reason before = reasons.putIfAbsent(id, ended.reason());
        assertTrue(before == null || before == ended.reason(), "two reasons for one end");
      }
    }

    /**
     * How a call stands, and that it became one with another, which a new server says once more.
     */
    private static boolean maySayAgain(CallMessage message) {
      return message instanceof CallMessage.Snapshot
          || (message instanceof CallMessage.Ended ended && ended.replacedBy().isPresent());
    }

    private boolean isCallerOf(Call call) {
      return call.caller().device().at().equals(at);
    }

    private CallId someId() {
      if (ids.isEmpty() || random.nextInt(20) == 0) {
        return newId();
      }
      return ids.get(Math.max(0, ids.size() - 1 - random.nextInt(3)));
    }

    private CallId newId() {
      var id = new CallId(new UUID(random.nextLong(), random.nextLong()));
      ids.add(id);
      return id;
    }

    private DeviceId someDevice() {
      return devices.get(random.nextInt(devices.size())).at.device();
    }
  }
}
