package kith.signaling;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import kith.auth.Identities.Identity;
import kith.auth.TokenRefused;
import kith.auth.UserId;
import kith.call.Device;
import kith.call.DeviceId;
import kith.call.Endpoint;
import kith.call.ErrorCode;
import kith.call.running.Calls;
import kith.call.running.Directory;
import kith.call.running.Presence;
import kith.call.running.Timers;
import kith.input.BadInput;
import kith.input.Fields;
import kith.socketio.ConnectRefused;
import kith.socketio.Event;
import kith.socketio.Handshake;
import kith.socketio.Limits;
import kith.socketio.Socket;
import kith.socketio.SocketIoServer;
import org.jspecify.annotations.Nullable;

/** Calls over Socket.IO: lets devices in by their token, and gives each a {@link Session}. */
public final class Signaling implements AutoCloseable {
  /** The feature of a device that says when its media connection is up. */
  private static final String REPORTS_CONNECTED = "call-connected";

  /** The feature of a device that lets a second call wait while its user talks. */
  private static final String TAKES_WAITING = "call-waiting";

  private static final int MAX_FEATURES = 16;

  /** In code points: "Chrome on Windows" has 17. */
  private static final int MAX_DEVICE_NAME = 64;

  private final SocketIoServer server;
  private final TokenCheck tokens;
  private final ConnectedDevices devices;
  private final PresenceFeed presence;
  private final Function<Handshake, Optional<URI>> reachedAt;
  private final ExecutorService executor;
  private final Timers timers;
  private final Session.Tools tools;

  /** Who was let in and has no socket yet; whoever leaves before takes the entry along. */
  private final Map<Handshake, Admitted> admitted =
      Collections.synchronizedMap(new WeakHashMap<>());

  private record Admitted(Identity identity, String token, Hello hello) {}

  /** What a device tells of itself; without an id it is a device of its own. */
  private record Hello(
      Optional<DeviceId> id,
      Optional<String> name,
      boolean reportsConnected,
      boolean takesWaiting) {}

  /**
   * @param reachedAt the address by which a client reached this server, if it is known
   */
  public Signaling(
      SocketIoServer server,
      TokenCheck tokens,
      ConnectedDevices devices,
      Calls calls,
      Presence presence,
      Directory directory,
      Function<Handshake, Optional<URI>> reachedAt,
      InstantSource clock) {
    this.server = server;
    this.tokens = tokens;
    this.devices = devices;
    this.reachedAt = reachedAt;
    this.executor =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("signaling-", 0).factory());
    this.timers = Timers.by(clock);
    this.presence = new PresenceFeed(devices, presence, directory, timers, executor);
    this.tools =
        new Session.Tools(
            calls, devices, this.presence, tokens, new SignalingLimits(clock), timers, executor);
    calls.onTalkingChanged(this.presence::changed);
    server.of("/").use(this::admit).onConnect(this::connected);
  }

  /** What the socket library is to let through. */
  public static Limits limits() {
    return SignalingLimits.ofSockets();
  }

  /** Someone came to a circle: who shares one now is told of each other. */
  public void joinedCircle(UserId user) {
    presence.acquainted(user);
  }

  /** Someone left a circle where these others are: who shares none now is gone for each other. */
  public void leftCircle(UserId user, Set<UserId> others) {
    presence.parted(user, others);
  }

  /** A user's call came into the history, or missed ones were looked at: every device is told. */
  public void historyChanged(UserId user, int unseenMissed) {
    devices.tellAll(user, ServerMessage.historyChanged(unseenMissed));
  }

  /** Tells every client that the server stops, and when to come back. */
  public void drain(Duration reconnectIn) {
    server.of("/").emit("server-draining", Map.of("reconnectInMs", reconnectIn.toMillis()));
  }

  @Override
  public void close() {
    timers.close();
    executor.shutdown();
  }

  private CompletionStage<@Nullable Void> admit(Handshake handshake) {
    return CompletableFuture.supplyAsync(
        () -> {
          admit(handshake, handshake.auth());
          return null;
        },
        executor);
  }

  private void admit(Handshake handshake, Map<String, @Nullable Object> auth) {
    if (!(auth.get("token") instanceof String token) || token.isEmpty()) {
      throw refused("a token is required", TokenRefused.Code.TOKEN_MISSING.wire());
    }
    try {
      Identity identity = tokens.check(token);
      UserId user = identity.user().id();
      Hello hello = hello(auth.get("device"));
      if (devices.of(user).size() >= SignalingLimits.MAX_DEVICES_PER_USER
          && !isConnected(user, hello)) {
        throw refused("too many devices are connected", ErrorCode.RATE_LIMITED.wire());
      }
      admitted.put(handshake, new Admitted(identity, token, hello));
    } catch (TokenRefused refusal) {
      throw refused(String.valueOf(refusal.getMessage()), refusal.code().wire());
    } catch (BadInput bad) {
      throw refused("device: " + bad.getMessage(), ErrorCode.BAD_REQUEST.wire());
    }
  }

  private boolean isConnected(UserId user, Hello hello) {
    return devices.of(user).stream().anyMatch(known -> hello.id().equals(Optional.of(known.id())));
  }

  private static ConnectRefused refused(String message, String code) {
    return new ConnectRefused(message, Map.of("code", code));
  }

  private static Hello hello(@Nullable Object device) {
    if (device == null) {
      return new Hello(Optional.empty(), Optional.empty(), false, false);
    }
    Fields fields = Fields.of(device);
    Optional<String> id = fields.optionalLine("id", 1, DeviceId.MAX_LENGTH);
    Optional<String> name = fields.optionalLabel("name", MAX_DEVICE_NAME);
    List<?> features = fields.has("features") ? fields.list("features", MAX_FEATURES) : List.of();
    fields.check();
    return new Hello(
        id.map(DeviceId::new),
        name,
        features.contains(REPORTS_CONNECTED),
        features.contains(TAKES_WAITING));
  }

  private void connected(Socket socket) {
    Admitted who = admitted.remove(socket.handshake());
    if (who == null) {
      socket.disconnect(true);
      return;
    }
    Identity identity = who.identity();
    DeviceId id = who.hello().id().orElseGet(() -> new DeviceId(socket.id()));
    var device =
        new Device(
            new Endpoint(identity.user().id(), id),
            identity.user().displayName(),
            who.hello().reportsConnected(),
            who.hello().takesWaiting(),
            who.hello().name());
    var connection =
        new ConnectedDevices.Connection(
            device,
            new SocketLine(socket),
            who.hello().id().isEmpty(),
            reachedAt.apply(socket.handshake()),
            identity.session());
    Session.begin(tools, connection, identity.expiresAt())
        .ifPresent(
            session -> {
              socket.onAny(
                  event -> session.receive(event.name(), event.arg(0), new SocketAck(event)));
              socket.onDisconnect(reason -> session.end());
              session.checkAgain(who.token());
            });
  }

  private record SocketLine(Socket socket) implements Line {
    @Override
    public void emit(String event, Map<String, @Nullable Object> payload) {
      socket.emit(event, payload);
    }

    @Override
    public void close() {
      socket.disconnect(true);
    }
  }

  private record SocketAck(Event event) implements Line.Ack {
    @Override
    public boolean isWanted() {
      return event.wantsAck();
    }

    @Override
    public void send(Map<String, @Nullable Object> answer) {
      event.ack(answer);
    }
  }
}
