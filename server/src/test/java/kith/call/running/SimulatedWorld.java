package kith.call.running;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import kith.auth.UserId;
import kith.call.Call;
import kith.call.CallId;
import kith.call.CallState;
import kith.call.CallState.Answered;
import kith.call.CallState.Unanswered;
import kith.call.DeviceId;
import kith.call.Endpoint;

/**
 * Two people on two to five phones, who call each other for some minutes of virtual time, while
 * their connections are slow, die unnoticed and come back, and the server crashes between any two
 * things it does. All of it follows from a seed.
 */
final class SimulatedWorld {
  private static final UserId ALICE = new UserId("alice");
  private static final UserId BOB = new UserId("bob");
  private static final Duration EVENTFUL = Duration.ofMinutes(3);
  private static final Duration LOOK = Duration.ofSeconds(7);
  private static final int MAX_STORY = 5_000;

  final VirtualTime time = new VirtualTime();
  final CallsInMemory store = new CallsInMemory();
  final OneCircle circle = new OneCircle();
  final Witness witness = new Witness(this);
  private final Random random;
  private final boolean telling;
  private final List<String> story = new ArrayList<>();
  private final Map<String, Integer> counts = new HashMap<>();
  private final List<SimulatedPhone> phones = new ArrayList<>();

  /** How many milliseconds there are between two misfortunes, about; 0 if there are none. */
  private final int weather;

  private SimulatedServer server;
  private long links;
  private boolean eventful = true;

  /**
   * @param telling whether to keep what happens, for whoever reads a failure
   */
  SimulatedWorld(long seed, boolean telling) {
    // Neighbouring seeds begin alike.
    this.random = new Random(seed * 0x9E3779B97F4A7C15L);
    this.telling = telling;
    this.weather = oneOf(0, 2_000, 5_000, 10_000, 30_000);
    circle.join(ALICE);
    circle.join(BOB);
    int devices = oneOf(2, 3, 4, 5);
    for (int i = 0; i < devices; i++) {
      boolean alices = i % 2 == 0 ? i < 2 || chance(50) : false;
      UserId user = alices ? ALICE : BOB;
      phones.add(new SimulatedPhone(user, user.value().charAt(0) + "" + (i + 1), this));
    }
    server = new SimulatedServer(this);
  }

  /** Lives through it all; answers what should not have been, if anything. */
  Optional<String> lives() {
    phones.forEach(phone -> time.after(between(0, 1_000), phone::dials));
    time.after(between(1_000, 5_000), this::someoneCalls);
    time.after(LOOK, this::look);
    if (weather > 0) {
      time.after(between(1, weather), this::misfortune);
    }
    time.goOn(EVENTFUL);
    eventful = false;
    phones.forEach(SimulatedPhone::hasNetworkAgain);
    // Those who still talk have hung up by then, and what is over is forgotten.
    time.goOn(Duration.ofMinutes(6));
    checkThatAllIsOver();
    return witness.broken();
  }

  /** What must hold at any time. */
  private void look() {
    checkPresence();
    for (Call call : store.rows.values()) {
      boolean settled = time.instant().isAfter(call.offeredAt().plusSeconds(5));
      if (server.isAlive() && settled && call.state() instanceof Unanswered unanswered) {
        witness.holds(
            time.instant().isBefore(unanswered.expiresAt()), () -> call + " rings for ever");
        for (SimulatedPhone phone : phones) {
          witness.holds(
              !phone.at.user().equals(call.callee()) || !phone.missed(call.id()),
              () -> phone.at.device() + " does not ring for " + call);
        }
      }
    }
    if (eventful) {
      time.after(LOOK, this::look);
    }
  }

  private void checkThatAllIsOver() {
    store.rows.values().forEach(this::countEnd);

    for (SimulatedPhone phone : phones) {
      witness.holds(phone.isAtRest(), () -> "not at rest: " + phone);
    }
    for (Call call : store.rows.values()) {
      witness.holds(call.isOver(), () -> call + " runs for ever");
    }
    witness.holds(
        Set.copyOf(store.ends).size() == store.ends.size(), () -> "a call was written twice");
    witness.holds(
        Set.copyOf(store.ends).equals(store.rows.keySet()), () -> "a call is not in the history");
    witness.holds(server.calls().isEmpty(), () -> "the server remembers a call");
    witness.holds(server.waiting() == 0, () -> "the server waits for something");
  }

  private void countEnd(Call call) {
    if (call.state() instanceof CallState.Ended ended) {
      count("ended " + ended.reason().wire());
    }
  }

  // --- People ---

  private void someoneCalls() {
    if (!eventful) {
      return;
    }
    callFromOneOf(chance(50) ? ALICE : BOB);
    if (chance(30)) {
      // Both at once, or nearly so.
      time.after(between(0, 600), () -> callFromOneOf(ALICE));
      time.after(between(0, 600), () -> callFromOneOf(BOB));
    }
    time.after(between(2_000, 40_000), this::someoneCalls);
  }

  private void callFromOneOf(UserId user) {
    List<SimulatedPhone> own =
        phones.stream().filter(phone -> phone.at.user().equals(user)).toList();
    own.get(random.nextInt(own.size())).calls();
  }

  CallId newCall(Endpoint by) {
    count("calls");
    var call = new CallId(new UUID(random.nextLong(), random.nextLong()));
    witness.makes(call, by);
    return call;
  }

  long nextLink() {
    return ++links;
  }

  UserId otherThan(UserId user) {
    return user.equals(ALICE) ? BOB : ALICE;
  }

  SimulatedPhone phone(DeviceId id) {
    return phones.stream().filter(phone -> phone.at.device().equals(id)).findFirst().orElseThrow();
  }

  /** Whether a phone may believe that a call rings: it does, or did until just now. */
  boolean mayRing(CallId id, Duration ago) {
    return store.rows.values().stream().anyMatch(call -> call.goesBy(id)) && !wasDecided(id, ago);
  }

  /** Whether a call was answered, or was over, that long ago, as far as is written down. */
  boolean wasDecided(CallId id, Duration ago) {
    return store.rows.values().stream()
        .filter(call -> call.goesBy(id))
        .flatMap(call -> decidedAt(call.state()).stream())
        .anyMatch(at -> at.plus(ago).isBefore(time.instant()));
  }

  private static Optional<Instant> decidedAt(CallState state) {
    return switch (state) {
      case Unanswered unanswered -> Optional.empty();
      case Answered answered -> Optional.of(answered.answeredAt());
      case CallState.Ended ended -> Optional.of(ended.at());
    };
  }

  /** Some networks let no media through at all. */
  boolean mediaGetsThrough(CallId call) {
    return Math.floorMod(call.value().getLeastSignificantBits(), 20) != 0;
  }

  // --- Misfortunes ---

  private void misfortune() {
    if (!eventful) {
      return;
    }
    SimulatedPhone phone = phones.get(random.nextInt(phones.size()));
    int dice = random.nextInt(100);
    if (dice < 45) {
      phone.goesDeaf();
    } else if (dice < 70) {
      phone.losesItsNetworkFor(between(100, chance(20) ? 60_000 : 10_000));
    } else if (dice < 78) {
      server.dies();
    } else if (dice < 97) {
      server.diesAfter(random.nextInt(8));
    } else {
      someoneLeavesTheCircle();
    }
    time.after(between(1, 2 * weather), this::misfortune);
  }

  private void someoneLeavesTheCircle() {
    count("left the circle");
    tell(() -> "alice leaves the circle");
    circle.leave(ALICE);
    if (chance(30)) {
      server.dies();
    } else if (server.isAlive()) {
      server.calls().leftCircle(ALICE, OneCircle.FAMILY);
      checkThatNobodyCalls();
    }
    time.after(between(1_000, 20_000), () -> circle.join(ALICE));
  }

  private void checkThatNobodyCalls() {
    if (server.isAlive() && circle.acquaintances(ALICE).isEmpty()) {
      for (Call call : store.rows.values()) {
        witness.holds(call.isOver(), () -> call + " goes on out of the circle");
      }
    }
  }

  SimulatedServer server() {
    return server;
  }

  void serverDied() {
    count("server died");
    time.after(between(50, 15_000), this::serverStarts);
  }

  private void serverStarts() {
    tell(() -> "the server starts");
    server = new SimulatedServer(this);
    checkThatNobodyCalls();
    checkPresence();
  }

  /** Who is in an answered call is seen so. */
  private void checkPresence() {
    for (UserId user : List.of(ALICE, BOB)) {
      boolean talks =
          store.rows.values().stream()
              .anyMatch(call -> call.state() instanceof Answered && call.isParty(user));
      witness.holds(
          !server.isAlive() || server.calls().isTalking(user) == talks,
          () -> user + " is seen in a call, or not");
    }
  }

  // --- Dice, and what they made ---

  boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  int oneOf(int... numbers) {
    return numbers[random.nextInt(numbers.length)];
  }

  Duration between(int leastMillis, int mostMillis) {
    return Duration.ofMillis(leastMillis + random.nextInt(mostMillis - leastMillis + 1));
  }

  void count(String what) {
    counts.merge(what, 1, Integer::sum);
  }

  Map<String, Integer> counts() {
    return counts;
  }

  void tell(Supplier<String> what) {
    if (telling && story.size() < MAX_STORY) {
      story.add(
          Duration.between(VirtualTime.BEGINNING, time.instant()).toMillis() + " " + what.get());
    }
  }

  String story() {
    return String.join("\n", story);
  }
}
