package kith.signaling;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.stream.Stream;
import kith.auth.SessionId;
import kith.auth.SignOuts;
import kith.auth.UserId;
import kith.call.CallMessage;
import kith.call.Device;
import kith.call.DeviceId;
import kith.call.Endpoint;
import kith.call.running.Devices;
import kith.relay.IceServers;
import org.jspecify.annotations.Nullable;

/** Which devices are connected, and their lines. */
public final class ConnectedDevices implements Devices, SignOuts {
  private static final AtomicLong numbers = new AtomicLong();

  /** Users are spread over this many locks. */
  private static final int TURNS = 64;

  private final IceServers iceServers;
  private final Map<UserId, Map<DeviceId, Connection>> byUser = new ConcurrentHashMap<>();
  private final List<Lock> turns = Stream.<Lock>generate(ReentrantLock::new).limit(TURNS).toList();

  public ConnectedDevices(IceServers iceServers) {
    this.iceServers = iceServers;
  }

  /**
   * A device and its line.
   *
   * @param plain it told nothing of itself: a client that knows the bare messages only
   * @param base the address it reached this server at, if it is known
   * @param session the sign-in its token was given for, if this server gave it
   * @param number which no other connection has
   */
  record Connection(
      Device device,
      Line line,
      boolean plain,
      Optional<URI> base,
      Optional<SessionId> session,
      long number) {
    Connection(
        Device device, Line line, boolean plain, Optional<URI> base, Optional<SessionId> session) {
      this(device, line, plain, base, session, numbers.incrementAndGet());
    }

    Connection of(Optional<SessionId> another) {
      return new Connection(device, line, plain, base, another, number);
    }
  }

  /** Whether a connection was added; the former is the one it took the place of. */
  sealed interface Added {
    record In(Optional<Connection> former) implements Added {}

    record TooMany() implements Added {}
  }

  /**
   * Who comes and goes for a user, and whom that is told to, one after the other: a device that is
   * back at once must not be taken to have gone after it came.
   */
  void inTurn(UserId user, Runnable comesOrGoes) {
    Lock turn = turns.get(Math.floorMod(user.hashCode(), TURNS));
    turn.lock();
    try {
      comesOrGoes.run();
    } finally {
      turn.unlock();
    }
  }

  /** Adds a connection, unless its user has as many devices as may be already. */
  Added add(Connection connection) {
    Device device = connection.device();
    var added = new AtomicReference<Added>(new Added.TooMany());
    byUser.compute(
        device.user(),
        (user, known) -> {
          var all = new LinkedHashMap<>(known == null ? Map.of() : known);
          if (all.containsKey(device.id()) || all.size() < SignalingLimits.MAX_DEVICES_PER_USER) {
            added.set(new Added.In(Optional.ofNullable(all.remove(device.id()))));
            all.put(device.id(), connection);
          }
          return all;
        });
    return added.get();
  }

  /** Removes a connection; false if another took its place, or it was not there. */
  boolean remove(Connection connection) {
    Device device = connection.device();
    var removed = new AtomicBoolean();
    byUser.computeIfPresent(
        device.user(),
        (user, known) -> {
          var all = new LinkedHashMap<>(known);
          removed.set(all.remove(device.id(), connection));
          return all.isEmpty() ? nobody() : all;
        });
    return removed.get();
  }

  /** A device sent a token of another sign-in; the connection as it is then. */
  Connection renew(Connection connection, Optional<SessionId> session) {
    Device device = connection.device();
    Connection renewed = connection.of(session);
    byUser.computeIfPresent(
        device.user(),
        (user, known) -> {
          var all = new LinkedHashMap<>(known);
          all.replace(device.id(), connection, renewed);
          return all;
        });
    return renewed;
  }

  @Override
  public void signedOut(UserId user, Optional<SessionId> but) {
    close(user, session -> but.isEmpty() || !session.equals(but));
  }

  @Override
  public void ended(UserId user, Set<SessionId> sessions) {
    close(user, session -> session.filter(sessions::contains).isPresent());
  }

  /** The connections by those of someone's sign-ins. */
  private void close(UserId user, Predicate<Optional<SessionId>> by) {
    byUser.getOrDefault(user, Map.of()).values().stream()
        .filter(connection -> by.test(connection.session()))
        .forEach(connection -> connection.line().close());
  }

  private static @Nullable Map<DeviceId, Connection> nobody() {
    return null;
  }

  @Override
  public List<Device> of(UserId user) {
    return byUser.getOrDefault(user, Map.of()).values().stream().map(Connection::device).toList();
  }

  /** Users with a connected device. */
  public int users() {
    return byUser.size();
  }

  @Override
  public long connectionOf(Endpoint device) {
    return connected(device).map(Connection::number).orElse(0L);
  }

  private Optional<Connection> connected(Endpoint device) {
    return Optional.ofNullable(byUser.getOrDefault(device.user(), Map.of()).get(device.device()));
  }

  @Override
  public boolean tell(Endpoint to, long connection, CallMessage message, long number) {
    Optional<Connection> there = connected(to).filter(it -> it.number() == connection);
    there.ifPresent(it -> tell(it, message, number));
    return there.isPresent();
  }

  private void tell(Connection connection, CallMessage message, long number) {
    if (connection.plain() && message instanceof CallMessage.Trickled trickled) {
      ServerMessage.oneByOne(trickled).forEach(one -> emit(connection, one.numbered(number)));
    } else {
      emit(connection, ServerMessage.of(message, () -> iceServersFor(connection)).numbered(number));
    }
  }

  List<Map<String, Object>> iceServersFor(Connection connection) {
    return iceServers.forUser(connection.device().user(), connection.base());
  }

  void tellAll(UserId user, ServerMessage message) {
    byUser.getOrDefault(user, Map.of()).values().forEach(connection -> emit(connection, message));
  }

  private static void emit(Connection connection, ServerMessage message) {
    connection.line().emit(message.event(), message.payload());
  }
}
