package kith.signaling;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import kith.auth.Identities.Identity;
import kith.auth.TokenRefused;
import kith.auth.User;
import kith.auth.UserId;
import kith.call.Call;
import kith.call.CallSettings;
import kith.call.Device;
import kith.call.DeviceId;
import kith.call.Endpoint;
import kith.call.running.Calls;
import kith.call.running.CallsInVirtualTime;
import kith.call.running.OneCircle;
import kith.call.running.Presence;
import kith.call.running.SameThread;
import kith.call.running.VirtualTime;
import kith.database.Database;
import kith.relay.IceServers;
import org.jspecify.annotations.Nullable;

/**
 * Signaling whole but for the sockets, in virtual time: devices that say what they are told to, and
 * keep what they hear.
 */
final class SignalingInVirtualTime {
  private static final IceServers ICE_SERVERS =
      (user, base) -> List.of(Map.of("urls", List.of("turn:relay.test"), "username", user.value()));

  final VirtualTime time = new VirtualTime();
  final OneCircle circle = new OneCircle();
  private final Map<String, Identity> tokens = new HashMap<>();
  private final Set<String> lastTokens = new HashSet<>();
  private final CallSettings settings;
  private final Database database;
  private final Map<String, TestDevice> devices = new HashMap<>();
  private Session.Tools tools;
  private Calls calls;

  SignalingInVirtualTime(CallSettings settings, Database database) {
    this.settings = settings;
    this.database = database;
    start();
  }

  private void start() {
    var connected = new ConnectedDevices(ICE_SERVERS);
    calls = CallsInVirtualTime.on(database, settings, circle, connected, time);
    var feed =
        new PresenceFeed(connected, new Presence(connected, calls), circle, time, new SameThread());
    calls.onTalkingChanged(feed::changed);
    tools =
        new Session.Tools(
            calls, connected, feed, this::check, new SignalingLimits(time), time, new SameThread());
  }

  private Identity check(String token) throws TokenRefused {
    if (!tokens.containsKey(token)) {
      throw new TokenRefused(TokenRefused.Code.TOKEN_INVALID, "no such token");
    }
    return lastTokens.contains(token) ? tokens.remove(token) : tokens.get(token);
  }

  /** As after kill -9: nobody is told anything, and every connection is gone. */
  void serverCrashesAndComesBack() {
    time.close();
    devices.values().forEach(device -> device.session = null);
    start();
  }

  void token(String token, String user, Duration validFor) {
    tokens.put(
        token,
        new Identity(
            new User(new UserId(user), user, "Name of " + user),
            time.instant().plus(validFor),
            Optional.empty()));
  }

  /** Its sign-in ends just after it is looked at. */
  void lastToken(String token, String user, Duration validFor) {
    token(token, user, validFor);
    lastTokens.add(token);
  }

  void leaveCircle(String user) {
    UserId leaver = new UserId(user);
    Set<UserId> others = circle.acquaintances(leaver);
    circle.leave(leaver);
    calls.leftCircle(leaver, OneCircle.FAMILY);
    tools.presence().parted(leaver, others);
  }

  void joinCircle(String user) {
    circle.join(new UserId(user));
    tools.presence().acquainted(new UserId(user));
  }

  Presence.Status presenceOf(String user) {
    return new Presence(tools.devices(), calls).of(new UserId(user));
  }

  /** The calls someone is in. */
  List<Call> callsOf(UserId user) {
    return calls.callsOf(user);
  }

  /** A device with an id, that says when it is connected; connected already. */
  TestDevice device(String user, String id) {
    return device(user, id, false);
  }

  /**
   * The same.
   *
   * @param takesWaiting it lets a second call wait
   */
  TestDevice device(String user, String id, boolean takesWaiting) {
    circle.join(new UserId(user));
    var device = new TestDevice(new UserId(user), id, false);
    device.takesWaiting = takesWaiting;
    devices.put(id, device);
    device.connect();
    return device;
  }

  /** A client that knows the five bare messages and nothing else. */
  TestDevice plainClient(String user, String socketId) {
    circle.join(new UserId(user));
    var device = new TestDevice(new UserId(user), socketId, true);
    devices.put(socketId, device);
    device.connect();
    return device;
  }

  TestDevice device(String id) {
    return devices.get(id);
  }

  Iterable<TestDevice> devices() {
    return devices.values();
  }

  /** A message that was heard. */
  record Heard(String event, Map<String, @Nullable Object> payload) {}

  final class TestDevice {
    final UserId user;
    final String id;
    private final boolean plain;
    final Queue<Heard> heard = new ArrayDeque<>();
    final Deque<Heard> presence = new ArrayDeque<>();
    private @Nullable Session session;
    private TestLine line = new TestLine();

    /** What it promises when it connects the next time. */
    boolean takesWaiting;

    TestDevice(UserId user, String id, boolean plain) {
      this.user = user;
      this.id = id;
      this.plain = plain;
    }

    void connect() {
      connect(Duration.ofDays(1));
    }

    void connect(Duration tokenValidFor) {
      var device =
          new Device(
              new Endpoint(user, new DeviceId(id)),
              "Name of " + user,
              !plain,
              takesWaiting,
              plain ? Optional.empty() : Optional.of("Browser " + id));
      line = new TestLine();
      session =
          Session.begin(
                  tools,
                  new ConnectedDevices.Connection(
                      device, line, plain, Optional.empty(), Optional.empty()),
                  time.instant().plus(tokenValidFor))
              .orElse(null);
    }

    void disconnect() {
      if (session != null) {
        session.end();
        session = null;
      }
    }

    /** Its connection is dead from now on, and the server does not notice. */
    void goesDeaf() {
      line.dead = true;
    }

    boolean wasClosed() {
      return line.closed;
    }

    /** Says something and is answered. */
    Map<String, @Nullable Object> says(String event, @Nullable Object payload) {
      var answer = new LinkedHashMap<String, @Nullable Object>();
      session.receive(event, payload, ack(true, answer));
      return answer;
    }

    /** Says something and asks for no answer. */
    void shouts(String event, @Nullable Object payload) {
      session.receive(event, payload, ack(false, new HashMap<>()));
    }

    private Line.Ack ack(boolean wanted, Map<String, @Nullable Object> answer) {
      return new Line.Ack() {
        @Override
        public boolean isWanted() {
          return wanted;
        }

        @Override
        public void send(Map<String, @Nullable Object> given) {
          if (!wanted || !answer.isEmpty()) {
            throw new IllegalStateException("answered without being asked, or twice");
          }
          answer.putAll(given);
        }
      };
    }

    /** The next message it heard. */
    Optional<Heard> next() {
      return Optional.ofNullable(heard.poll());
    }

    private final class TestLine implements Line {
      boolean dead;
      boolean closed;

      @Override
      public void emit(String event, Map<String, @Nullable Object> payload) {
        if (!dead) {
          (event.equals("presence") ? presence : heard)
              .add(new Heard(event, new LinkedHashMap<>(payload)));
        }
      }

      @Override
      public void close() {
        closed = true;
        if (line == this) {
          disconnect();
        }
      }
    }
  }
}
