package kith.call;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import kith.auth.User;
import kith.auth.UserId;
import kith.call.CallState.Answered;
import kith.circle.CircleId;
import kith.database.Database;
import kith.privacy.RelayPolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs every call of this node. Everyone is in one call at a time at most; who calls, who is rung
 * and who talks is in a call.
 */
public final class Calls implements AutoCloseable {
  /** How long a call that is over still answers by itself; later the database does. */
  private static final Duration REMEMBERED = Duration.ofMinutes(2);

  private static final Duration STOP_TIME = Duration.ofSeconds(5);

  /** What stood in the way of an offer may be followed by another; not for ever. */
  private static final int MAX_ATTEMPTS = 5;

  private static final Logger log = LoggerFactory.getLogger(Calls.class);

  private final Directory directory;
  private final Devices devices;
  private final CallStore store;
  private final CallRunner.Tools tools;
  private final Timers timers;
  private final ExecutorService executor;
  private final CallRunner.Keeper keeper = new Keeping();
  private final OfferLimits limits;
  private volatile Consumer<UserId> talkingChanged = user -> {};
  private volatile Consumer<Call> ended = call -> {};
  private volatile boolean closed;

  /** Guards both maps; readers of one entry do without. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Map<CallId, CallRunner> byId = new ConcurrentHashMap<>();
  private final Map<UserId, CallRunner> byUser = new ConcurrentHashMap<>();

  /** Takes up the calls that were running when the server stopped: their devices may resume. */
  public Calls(
      CallSettings settings,
      Directory directory,
      Devices devices,
      Database database,
      InstantSource clock) {
    this(
        settings,
        directory,
        devices,
        new SqlCallStore(database),
        clock,
        Timers.by(clock),
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("call-", 0).factory()));
  }

  Calls(
      CallSettings settings,
      Directory directory,
      Devices devices,
      CallStore store,
      InstantSource clock,
      Timers timers,
      ExecutorService executor) {
    this.directory = directory;
    this.devices = devices;
    this.store = store;
    this.timers = timers;
    this.executor = executor;
    this.limits = new OfferLimits(clock);
    this.tools =
        new CallRunner.Tools(
            new CallMachine(settings), settings, store, devices, clock, timers, executor);
    List<Call> running = store.running(clock.instant());
    running.forEach(this::takeUp);
    if (!running.isEmpty()) {
      log.info("{} calls were running when the server stopped; they go on", running.size());
    }
  }

  private void takeUp(Call call) {
    Set<UserId> users = Set.of(call.caller().device().user(), call.callee());
    var runner = new CallRunner(call.id(), users, tools, keeper);
    boolean free = users.stream().noneMatch(byUser::containsKey);
    if (free) {
      users.forEach(user -> byUser.put(user, runner));
    }
    runner.takeUp(call);
    runner.ids().forEach(id -> byId.put(id, runner));
    if (!free) {
      runner.happen(new CallEvent.ServerFailed());
    }
  }

  /** Is told who began or ceased to talk; must not block. */
  public void onTalkingChanged(Consumer<UserId> listener) {
    talkingChanged = listener;
  }

  /** Is told of each call that is over, written down as it is; must not block. */
  public void onEnded(Consumer<Call> listener) {
    ended = listener;
  }

  /** Whether someone is in a call that was answered. Cheap: no I/O. */
  public boolean isTalking(UserId user) {
    return callOf(user).filter(call -> call.state() instanceof Answered).isPresent();
  }

  /** The call someone is in. Cheap: no I/O. */
  public Optional<Call> callOf(UserId user) {
    return Optional.ofNullable(byUser.get(user)).flatMap(CallRunner::call);
  }

  /** How many calls run. */
  public long running() {
    return byUser.values().stream().distinct().count();
  }

  /** A device connected; {@link Devices} knows it already. */
  public void deviceCame(Device device) {
    runnerOf(device.user()).ifPresent(runner -> runner.happen(new CallEvent.DeviceCame(device)));
  }

  /** A device is no longer connected; {@link Devices} no longer knows it. */
  public void deviceWent(Endpoint device) {
    runnerOf(device.user()).ifPresent(runner -> runner.happen(new CallEvent.DeviceWent(device)));
  }

  /** Someone left a circle, or was removed: a call of theirs in that circle is over. */
  public void leftCircle(UserId user, CircleId circle) {
    runnerOf(user).ifPresent(runner -> runner.happen(new CallEvent.LeftCircle(user, circle)));
  }

  /** Waits for who is just claiming a user for a call. */
  private Optional<CallRunner> runnerOf(UserId user) {
    lock.lock();
    try {
      return Optional.ofNullable(byUser.get(user));
    } finally {
      lock.unlock();
    }
  }

  /**
   * Calls someone. Blocks until it is decided.
   *
   * @param then gets the answer before any device is told
   */
  public void offer(Offer offer, Consumer<Reply> then) {
    if (closed) {
      then.accept(new Reply.Refused(ErrorCode.UNAVAILABLE, "the server is stopping"));
      return;
    }
    if (offer.to().equals(offer.by().user())) {
      then.accept(new Reply.Refused(ErrorCode.BAD_REQUEST, "you cannot call yourself"));
      return;
    }
    Optional<User> callee = directory.user(offer.to());
    if (callee.isEmpty()) {
      then.accept(new Reply.Refused(ErrorCode.NOT_FOUND, "no such user"));
      return;
    }
    Optional<CircleId> circle =
        directory.sharedCircle(offer.by().user(), offer.to(), offer.circle());
    if (circle.isEmpty()) {
      then.accept(new Reply.Refused(ErrorCode.FORBIDDEN, "you share no such circle"));
      return;
    }
    if (limits.refuses(offer.to())) {
      then.accept(new Reply.Refused(ErrorCode.RATE_LIMITED, "too many calls to this user"));
      return;
    }
    RelayPolicy relay =
        directory.user(offer.by().user()).map(User::relay).orElse(RelayPolicy.ALWAYS);
    admit(
        new CallEvent.Offers(
            offer.callId().orElseGet(() -> new CallId(UUID.randomUUID())),
            offer.callId().isPresent(),
            offer.by(),
            offer.to(),
            circle.get(),
            offer.media(),
            offer.description(),
            relay.stricter(callee.get().relay())),
        then);
    leaveIfNoLongerShared(offer, circle.get());
  }

  /** Someone may have left the circle between the look into the directory and the call. */
  private void leaveIfNoLongerShared(Offer offer, CircleId circle) {
    UserId caller = offer.by().user();
    if (directory.sharedCircle(caller, offer.to(), Optional.of(circle)).isEmpty()) {
      leftCircle(caller, circle);
    }
  }

  private void admit(CallEvent.Offers offers, Consumer<Reply> then) {
    for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      var decided = new CompletableFuture<Reply>();
      attempt(
          offers,
          reply -> {
            if (!(reply instanceof Reply.OutOfTheWay)) {
              then.accept(reply);
            }
            decided.complete(reply);
          });
      if (!(decided.join() instanceof Reply.OutOfTheWay)) {
        return;
      }
    }
    then.accept(new Reply.Refused(ErrorCode.BUSY, "you are in another call"));
  }

  private void attempt(CallEvent.Offers offers, Consumer<Reply> then) {
    UserId caller = offers.by().user();
    CallRunner same;
    lock.lock();
    try {
      same = byId.get(offers.callId());
      if (same == null && !byUser.containsKey(caller)) {
        begin(offers, then);
        return;
      }
    } finally {
      lock.unlock();
    }
    if (same == null) {
      withCallInTheWay(offers, then);
    } else if (same.users().contains(caller)) {
      same.hear(offers, then);
    } else {
      then.accept(new Reply.Refused(ErrorCode.CONFLICT, "this callId is taken"));
    }
  }

  /** The caller is in a call: it may become one with this one (glare), make way for it, or not. */
  private void withCallInTheWay(CallEvent.Offers offers, Consumer<Reply> then) {
    CallRunner inTheWay = byUser.get(offers.by().user());
    if (offers.named() && store.knows(offers.callId())) {
      then.accept(new Reply.Refused(ErrorCode.CONFLICT, "this callId is taken"));
    } else if (inTheWay == null) {
      then.accept(new Reply.OutOfTheWay());
    } else {
      inTheWay.hear(offers, then);
    }
  }

  private void begin(CallEvent.Offers offers, Consumer<Reply> then) {
    var callee =
        byUser.containsKey(offers.to()) ? CallMachine.Callee.BUSY : CallMachine.Callee.FREE;
    List<Device> ringing = devices.of(offers.to());
    Set<UserId> users = Set.of(offers.by().user(), offers.to());
    var runner = new CallRunner(offers.callId(), users, tools, keeper);
    byId.put(offers.callId(), runner);
    if (callee == CallMachine.Callee.FREE && !ringing.isEmpty()) {
      users.forEach(user -> byUser.put(user, runner));
    }
    runner.begin(now -> tools.machine().begin(offers, callee, ringing, now), then);
  }

  /**
   * A device says something of the call with this id.
   *
   * @param then gets the answer before any device is told
   */
  public void hear(CallId call, CallEvent.FromDevice event, Consumer<Reply> then) {
    CallRunner runner = byId.get(call);
    if (runner != null) {
      runner.hear(event, then);
    } else {
      then.accept(new Reply.Refused(ErrorCode.NOT_FOUND, "no such call"));
    }
  }

  /** A device says something of the one call its user has with another. */
  public void hear(
      UserId peer, Device by, Function<CallId, CallEvent.FromDevice> event, Consumer<Reply> then) {
    // It may ring already while it is still written down: then the runner has it, and no call yet.
    Optional<CallRunner> runner =
        runnerOf(by.user()).filter(it -> it.users().contains(peer) && !peer.equals(by.user()));
    if (runner.isPresent()) {
      runner.get().hear(event.apply(runner.get().id()), then);
    } else {
      then.accept(new Reply.Refused(ErrorCode.NOT_FOUND, "no call with this user"));
    }
  }

  /**
   * A device was away and knows these calls. Blocks.
   *
   * @param received the number of the last message it got of a call, where it counts them
   * @param then gets how they stand, before the device is told what it missed
   */
  public void resume(
      Device by, Set<CallId> ids, Map<CallId, Long> received, Consumer<List<Resumed>> then) {
    Optional<Call> running = callOf(by.user());
    // A call that two became (glare) may be known by either name, or by both.
    List<CallId> names =
        ids.stream().filter(id -> running.filter(call -> call.goesBy(id)).isPresent()).toList();
    List<Resumed> others =
        ids.stream()
            .filter(id -> !names.contains(id))
            .map(id -> new Resumed(id, Optional.empty(), endOf(id, by.user())))
            .toList();
    if (names.isEmpty()) {
      then.accept(others);
      return;
    }
    OptionalLong count =
        names.stream().filter(received::containsKey).mapToLong(received::get).max();
    CallId id = running.orElseThrow().id();
    hear(
        id,
        new CallEvent.Resumes(id, by, count),
        reply ->
            then.accept(
                Stream.concat(names.stream().map(name -> resumed(name, reply)), others.stream())
                    .toList()));
  }

  private static Resumed resumed(CallId name, Reply reply) {
    return reply instanceof Reply.Done done
        ? new Resumed(name, Optional.of(done.call()), endOf(done.call()))
        : new Resumed(name, Optional.empty(), Optional.empty());
  }

  private static Optional<CallState.Ended> endOf(Call call) {
    return call.state() instanceof CallState.Ended ended ? Optional.of(ended) : Optional.empty();
  }

  private Optional<CallState.Ended> endOf(CallId id, UserId user) {
    return Optional.ofNullable(byId.get(id))
        .flatMap(CallRunner::call)
        .filter(call -> call.isParty(user))
        .flatMap(Calls::endOf)
        .or(() -> store.ended(id, user));
  }

  /**
   * How a call stands that a device came back to. With neither, the device has no part in it: it
   * was taken elsewhere, or there is no such call.
   */
  public record Resumed(CallId id, Optional<Call> call, Optional<CallState.Ended> end) {}

  /** Finishes what is under way; running calls stay written down, for the next start. */
  @Override
  public void close() {
    closed = true;
    timers.close();
    executor.shutdown();
    try {
      executor.awaitTermination(STOP_TIME.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private final class Keeping implements CallRunner.Keeper {
    @Override
    public void abandoned(CallRunner runner) {
      forget(runner);
    }

    @Override
    public void renamed(CallRunner runner) {
      runner.ids().forEach(id -> byId.put(id, runner));
    }

    @Override
    public void changed(Call before, Call after) {
      boolean talked = before.state() instanceof Answered;
      boolean talk = after.state() instanceof Answered;
      if (talked != talk) {
        talkingChanged.accept(after.caller().device().user());
        talkingChanged.accept(after.callee());
      }
    }

    @Override
    public void over(CallRunner runner) {
      release(runner);
      runner.call().ifPresent(ended);
      rememberForAWhile(runner);
    }
  }

  private void rememberForAWhile(CallRunner runner) {
    timers.at(
        tools.clock().instant().plus(REMEMBERED),
        () -> {
          if (runner.isUnsaved()) {
            rememberForAWhile(runner);
          } else {
            forget(runner);
          }
        });
  }

  private void release(CallRunner runner) {
    lock.lock();
    try {
      runner.users().forEach(user -> byUser.remove(user, runner));
    } finally {
      lock.unlock();
    }
  }

  private void forget(CallRunner runner) {
    lock.lock();
    try {
      runner.users().forEach(user -> byUser.remove(user, runner));
      runner.ids().forEach(id -> byId.remove(id, runner));
    } finally {
      lock.unlock();
    }
  }
}
