package kith.call.running;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
import kith.auth.User;
import kith.auth.UserId;
import kith.call.Call;
import kith.call.CallEvent;
import kith.call.CallId;
import kith.call.CallMachine;
import kith.call.CallMessage;
import kith.call.CallSettings;
import kith.call.CallState;
import kith.call.CallState.Answered;
import kith.call.CallWaiting;
import kith.call.Device;
import kith.call.Endpoint;
import kith.call.ErrorCode;
import kith.call.Offer;
import kith.call.Reply;
import kith.circle.CircleId;
import kith.database.Database;
import kith.privacy.RelayPolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs every call of this server. Who calls, who is rung and who talks is in a call; who talks may
 * be in one more, which waits or is held ({@link CallWaiting}).
 */
public final class Calls implements AutoCloseable {
  /** How long a call that is over still answers by itself; later the database does. */
  private static final Duration REMEMBERED = Duration.ofMinutes(2);

  /** How many messages may wait for a call. */
  private static final int MAX_WAITING = 1_000;

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
  private final CallsByUser byUser = new CallsByUser();
  private final ComingBack comingBack;

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
    this.comingBack = new ComingBack(byUser, byId, store);
    this.tools =
        new CallRunner.Tools(
            new CallMachine(settings), settings, store, devices, clock, timers, executor);
    List<Call> running = store.running(clock.instant());
    new TakingUp(byUser, byId, directory, tools, keeper).takeUp(running, this::mailbox);
    running.forEach(call -> ringIfAlone(call.callee()));
    if (!running.isEmpty()) {
      log.info("{} calls were running when the server stopped; they go on", running.size());
    }
  }

  private Mailbox mailbox() {
    return new Mailbox(executor, MAX_WAITING);
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
    return byUser.callsOf(user).anyMatch(call -> call.state() instanceof Answered);
  }

  /** The calls someone is in, at most two. Cheap: no I/O. */
  public List<Call> callsOf(UserId user) {
    return byUser.callsOf(user).toList();
  }

  /** How many calls run. */
  public long running() {
    return byUser.all().count();
  }

  /** Nothing of any call is left here: none runs, and none that is over is remembered. */
  boolean isEmpty() {
    return byId.isEmpty() && byUser.isEmpty();
  }

  /** A device connected; {@link Devices} knows it already. */
  public void deviceCame(Device device) {
    happen(device.user(), new CallEvent.DeviceCame(device));
  }

  /** A device is no longer connected; {@link Devices} no longer knows it. */
  public void deviceWent(Endpoint device) {
    happen(device.user(), new CallEvent.DeviceWent(device));
  }

  /** Someone left a circle, or was removed: a call of theirs in that circle is over. */
  public void leftCircle(UserId user, CircleId circle) {
    happen(user, new CallEvent.LeftCircle(user, circle));
  }

  /** Happens to every call of someone. */
  private void happen(UserId user, CallEvent event) {
    claimedBy(user).forEach(runner -> runner.happen(event));
  }

  /** Every call of someone; waits for who is just claiming them for one. */
  private List<CallRunner> claimedBy(UserId user) {
    lock.lock();
    try {
      return byUser.of(user);
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
    Optional<Reply> tooMany = limits.next(offer.by().user(), offer.to());
    if (tooMany.isPresent() && !isOfOneThatRuns(offer)) {
      then.accept(tooMany.get());
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

  /** Whether the two have that call already, and it does not begin now. */
  private boolean isOfOneThatRuns(Offer offer) {
    return claimedBy(offer.by().user()).stream().anyMatch(runner -> runner.isMeantBy(offer));
  }

  /** Someone may have left the circle between the look into the directory and the call. */
  private void leaveIfNoLongerShared(Offer offer, CircleId circle) {
    UserId caller = offer.by().user();
    if (directory.sharedCircle(caller, offer.to(), Optional.of(circle)).isEmpty()) {
      claimedBy(caller).stream()
          .filter(runner -> runner.isBetween(caller, offer.to()))
          .forEach(runner -> runner.happen(new CallEvent.LeftCircle(caller, circle)));
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
      if (same == null && byUser.of(caller).isEmpty()) {
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
    Optional<CallRunner> inTheWay = byUser.firstToMakeWay(offers.by().user(), offers.to());
    if (offers.named() && store.knows(offers.callId())) {
      then.accept(new Reply.Refused(ErrorCode.CONFLICT, "this callId is taken"));
    } else if (inTheWay.isEmpty()) {
      then.accept(new Reply.OutOfTheWay());
    } else {
      inTheWay.get().hear(offers, then);
    }
  }

  private void begin(CallEvent.Offers offers, Consumer<Reply> then) {
    Optional<Reply> tooMany = limits.begins(offers.by().user(), offers.to());
    if (tooMany.isPresent()) {
      then.accept(tooMany.get());
      return;
    }
    List<CallRunner> theirs = byUser.of(offers.to());
    List<Device> connected = devices.of(offers.to());
    Optional<Device> waiting =
        CallWaiting.deviceFor(offers.to(), byUser.callsOf(offers.to()).toList(), connected)
            .filter(device -> theirs.size() == 1);
    var callee =
        theirs.isEmpty()
            ? CallMachine.Callee.FREE
            : waiting.isPresent() ? CallMachine.Callee.TALKING : CallMachine.Callee.BUSY;
    List<Device> ringing = waiting.map(List::of).orElse(connected);
    Set<UserId> users = Set.of(offers.by().user(), offers.to());
    var runner =
        new CallRunner(
            offers.callId(),
            users,
            waiting.isPresent() ? theirs.getFirst().mailbox() : mailbox(),
            tools,
            keeper);
    byId.put(offers.callId(), runner);
    if (callee != CallMachine.Callee.BUSY && !ringing.isEmpty()) {
      byUser.add(runner, users);
    }
    runner.begin(
        now -> tools.machine().begin(offers, callee, ringing, now),
        reply -> {
          if (runner.call().isEmpty()) {
            limits.neverBegan(offers.by().user(), offers.to());
          }
          then.accept(reply);
        });
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

  /** A device says something of the call its user has with another. */
  public void hear(
      UserId peer, Device by, Function<CallId, CallEvent.FromDevice> event, Consumer<Reply> then) {
    // It may have begun to ring, and not be written down yet.
    Optional<CallRunner> between = byUser.between(by.user(), peer);
    if (between.isPresent()) {
      between.get().hear(event.apply(between.get().id()), then);
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
    comingBack.resume(by, ids, received, then);
  }

  /**
   * How a call stands that a device came back to. With neither, the device has no part in it: it
   * was taken elsewhere, or there is no such call.
   *
   * @param elsewhere another device of the same user took it
   */
  public record Resumed(
      CallId id,
      Optional<Call> call,
      Optional<CallState.Ended> end,
      Optional<CallMessage.Elsewhere> elsewhere) {}

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
    public List<Call> othersOf(UserId user, CallRunner runner) {
      return byUser.of(user).stream()
          .filter(other -> other != runner)
          .flatMap(other -> other.call().stream())
          .toList();
    }

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
      if (talk && !talked) {
        limits.answered(before);
      }
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
      runner.users().forEach(Calls.this::ringIfAlone);
    }
  }

  /** What waited beside a call that is over waits no more. */
  private void ringIfAlone(UserId user) {
    List<CallRunner> left = byUser.of(user);
    if (left.size() == 1) {
      left.getFirst().happen(new CallEvent.NoLongerWaits(user));
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
      byUser.over(runner);
    } finally {
      lock.unlock();
    }
  }

  private void forget(CallRunner runner) {
    lock.lock();
    try {
      byUser.forget(runner);
      runner.ids().forEach(id -> byId.remove(id, runner));
    } finally {
      lock.unlock();
    }
  }
}
