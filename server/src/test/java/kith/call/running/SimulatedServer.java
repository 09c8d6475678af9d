package kith.call.running;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import kith.auth.UserId;
import kith.call.Call;
import kith.call.CallEvent;
import kith.call.CallId;
import kith.call.CallMessage;
import kith.call.CallSettings;
import kith.call.CallState;
import kith.call.Device;
import kith.call.DeviceId;
import kith.call.Endpoint;
import kith.call.Offer;
import kith.call.Reply;

/**
 * A server from its start to its death, which may come between any two things that it does: what it
 * does afterwards, nobody ever sees. What it wrote down, the next one finds.
 */
final class SimulatedServer implements Devices {
  private final SimulatedWorld world;
  private final Calls calls;
  private final MortalTimers timers = new MortalTimers();
  private final Map<Endpoint, SimulatedLink> links = new LinkedHashMap<>();
  private final Map<CallId, DeviceId> winners = new HashMap<>();
  private boolean alive = true;

  /** After how many more deeds it dies; negative if it does not. */
  private int deedsLeft = -1;

  SimulatedServer(SimulatedWorld world) {
    this.world = world;
    this.calls =
        new Calls(
            CallSettings.DEFAULTS,
            world.circle,
            this,
            new MortalStore(),
            world.time,
            timers,
            new SameThread());
  }

  boolean isAlive() {
    return alive;
  }

  Calls calls() {
    return calls;
  }

  /** Timers it still waits for. */
  int waiting() {
    return timers.waiting.size();
  }

  void diesAfter(int deeds) {
    deedsLeft = deeds;
  }

  void dies() {
    if (alive) {
      world.tell(() -> "the server dies");
      alive = false;
      links.values().forEach(SimulatedLink::closedByServer);
      links.clear();
      world.serverDied();
    }
  }

  /** Something that others can see; false if it did not live to do it. */
  private boolean does() {
    if (deedsLeft == 0) {
      deedsLeft = -1;
      world.count("died between two deeds");
      dies();
    } else if (deedsLeft > 0) {
      deedsLeft--;
    }
    return alive;
  }

  // --- Connections, as Session has them ---

  void accept(SimulatedLink link) {
    Endpoint at = link.phone.at;
    SimulatedLink former = links.put(at, link);
    answers(link, () -> link.phone.connected(link));
    if (former != null) {
      calls.deviceWent(at);
      former.closedByServer();
    }
    calls.deviceCame(device(at));
  }

  void gone(SimulatedLink link) {
    if (alive && links.remove(link.phone.at, link)) {
      world.tell(() -> "the server misses " + link.phone.at.device());
      link.closedByServer();
      calls.deviceWent(link.phone.at);
    }
  }

  private static Device device(Endpoint at) {
    return new Device(at, "Name of " + at.user(), true, true);
  }

  // --- What phones say ---

  void hears(SimulatedLink from, CallEvent.FromDevice event, Consumer<Reply> then) {
    calls.hear(event.callId(), event, reply -> answers(from, event, reply, then));
  }

  void hears(SimulatedLink from, Offer offer, Consumer<Reply> then) {
    calls.offer(
        offer,
        reply -> {
          if (alive && reply instanceof Reply.Refused refused) {
            world.witness.refuses(offer.by().user(), refused);
          }
          answers(from, reply, then);
        });
  }

  void resumes(SimulatedLink from, CallId call, long received, Consumer<Calls.Resumed> then) {
    calls.resume(
        device(from.phone.at),
        Set.of(call),
        Map.of(call, received),
        standing -> {
          Calls.Resumed one = standing.getFirst();
          if (alive) {
            one.end().ifPresent(end -> world.witness.sees(one.id(), end.reason()));
          }
          answers(from, () -> then.accept(one));
        });
  }

  private void answers(
      SimulatedLink to, CallEvent.FromDevice event, Reply reply, Consumer<Reply> then) {
    if (event instanceof CallEvent.Answers && reply instanceof Reply.Done done && alive) {
      world.count("answered");
      wins(done.call().id(), to.phone.at.device());
    }
    answers(to, reply, then);
  }

  private void answers(SimulatedLink to, Reply reply, Consumer<Reply> then) {
    if (alive
        && reply instanceof Reply.Done done
        && done.call().state() instanceof CallState.Ended ended) {
      world.witness.sees(done.call().id(), ended.reason());
    }
    answers(to, () -> then.accept(reply));
  }

  private void answers(SimulatedLink to, Runnable then) {
    if (does()) {
      to.down(then);
    }
  }

  // --- What it tells ---

  @Override
  public List<Device> of(UserId user) {
    return links.keySet().stream()
        .filter(at -> at.user().equals(user))
        .map(SimulatedServer::device)
        .toList();
  }

  @Override
  public long connectionOf(Endpoint device) {
    SimulatedLink link = links.get(device);
    return link == null ? 0 : link.number;
  }

  @Override
  public boolean tell(Endpoint to, long connection, CallMessage message, long number) {
    SimulatedLink link = links.get(to);
    if (link == null || link.number != connection || !does()) {
      return false;
    }
    if (message instanceof CallMessage.Answered answered) {
      wins(answered.callId(), answered.from().id());
    }
    world.witness.told(to, message, number);
    link.down(() -> link.phone.hears(message, number, this));
    return true;
  }

  private void wins(CallId call, DeviceId device) {
    DeviceId before = winners.putIfAbsent(call, device);
    world.witness.holds(
        before == null || before.equals(device),
        () -> call + " was won by " + before + " and by " + device);
  }

  /** What is written down is written down; a server that died writes nothing. */
  private final class MortalStore implements CallStore {
    @Override
    public boolean add(Call call) {
      return !does() || world.store.add(call);
    }

    @Override
    public void save(Call call) {
      if (does()) {
        world.witness.saved(world.store.rows.get(call.id()), call);
        world.store.save(call);
      }
    }

    @Override
    public void saveInsteadOf(CallId former, Call call) {
      if (does()) {
        world.count("glare, later stays");
        world.store.saveInsteadOf(former, call);
      }
    }

    @Override
    public void saveAgain(Call call) {
      if (does()) {
        world.store.saveAgain(call);
      }
    }

    @Override
    public List<Call> running(Instant now) {
      return world.store.running(now);
    }

    @Override
    public Optional<Past> past(CallId id, UserId user) {
      return world.store.past(id, user);
    }

    @Override
    public boolean knows(CallId id) {
      return world.store.knows(id);
    }
  }

  private final class MortalTimers implements Timers {
    private final Set<Object> waiting = new HashSet<>();

    @Override
    public Timer at(Instant when, Runnable task) {
      var one = new Object();
      waiting.add(one);
      Timer timer =
          world.time.at(
              when,
              () -> {
                if (alive && waiting.remove(one)) {
                  task.run();
                }
              });
      return () -> {
        waiting.remove(one);
        timer.cancel();
      };
    }

    @Override
    public Timer after(Duration wait, Runnable task) {
      return at(world.time.instant().plus(wait), task);
    }

    @Override
    public void close() {
      waiting.clear();
    }
  }
}
