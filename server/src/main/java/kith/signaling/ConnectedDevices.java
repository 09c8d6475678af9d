package kith.signaling;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import kith.auth.UserId;
import kith.call.CallMessage;
import kith.call.Device;
import kith.call.DeviceId;
import kith.call.Devices;
import kith.call.Endpoint;
import kith.relay.IceServers;
import org.jspecify.annotations.Nullable;

/** Which devices are connected to this node, and their lines. */
public final class ConnectedDevices implements Devices {
  private final IceServers iceServers;
  private final Map<UserId, Map<DeviceId, Connection>> byUser = new ConcurrentHashMap<>();

  public ConnectedDevices(IceServers iceServers) {
    this.iceServers = iceServers;
  }

  /**
   * A device and its line.
   *
   * @param plain it told nothing of itself: a client that knows the bare messages only
   */
  record Connection(Device device, Line line, boolean plain) {}

  /** Whether a connection was added; the former is the one it took the place of. */
  sealed interface Added {
    record In(Optional<Connection> former) implements Added {}

    record TooMany() implements Added {}
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
  public boolean tell(Endpoint to, CallMessage message, long number) {
    Connection connection = byUser.getOrDefault(to.user(), Map.of()).get(to.device());
    if (connection == null) {
      return false;
    }
    if (connection.plain() && message instanceof CallMessage.Trickled trickled) {
      ServerMessage.oneByOne(trickled).forEach(one -> emit(connection, one.numbered(number)));
    } else {
      emit(connection, ServerMessage.of(message, to.user(), iceServers).numbered(number));
    }
    return true;
  }

  void tellAll(UserId user, ServerMessage message) {
    byUser.getOrDefault(user, Map.of()).values().forEach(connection -> emit(connection, message));
  }

  private static void emit(Connection connection, ServerMessage message) {
    connection.line().emit(message.event(), message.payload());
  }
}
