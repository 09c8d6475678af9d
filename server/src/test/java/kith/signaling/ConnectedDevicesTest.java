package kith.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import kith.auth.UserId;
import kith.call.Device;
import kith.call.DeviceId;
import kith.call.Endpoint;
import kith.relay.IceServers;
import kith.signaling.ConnectedDevices.Added;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ConnectedDevicesTest {
  private static final UserId ALICE = new UserId("alice");
  private static final IceServers NO_RELAY = (user, base) -> List.of();

  private final ConnectedDevices devices = new ConnectedDevices(NO_RELAY);

  @Test
  void devicesThatComeAtOnceAreNeverTooMany() {
    long in =
        IntStream.range(0, 200)
            .parallel()
            .filter(i -> devices.add(device("device" + i)) instanceof Added.In)
            .count();
    assertEquals(SignalingLimits.MAX_DEVICES_PER_USER, in);
    assertEquals(SignalingLimits.MAX_DEVICES_PER_USER, devices.of(ALICE).size());
  }

  @Test
  void aKnownDeviceTakesItsOwnPlace() {
    for (int i = 0; i < SignalingLimits.MAX_DEVICES_PER_USER; i++) {
      devices.add(device("device" + i));
    }
    assertInstanceOf(Added.In.class, devices.add(device("device0")));
    assertInstanceOf(Added.TooMany.class, devices.add(device("another")));
  }

  /** Who is back before all was told of their going is told of after it. */
  @Test
  void whoComesWaitsUntilAllIsToldOfTheirGoing() throws InterruptedException {
    var told = Collections.synchronizedList(new ArrayList<String>());
    var comes = new Thread(() -> devices.inTurn(ALICE, () -> told.add("alice came")));
    devices.inTurn(
        ALICE,
        () -> {
          comes.start();
          while (comes.getState() != Thread.State.WAITING && comes.isAlive()) {
            Thread.onSpinWait();
          }
          told.add("alice went");
        });
    comes.join();
    assertEquals(List.of("alice went", "alice came"), told);
  }

  private static ConnectedDevices.Connection device(String id) {
    var device = new Device(new Endpoint(ALICE, new DeviceId(id)), "Alice", true, false);
    return new ConnectedDevices.Connection(
        device, new Deaf(), false, Optional.empty(), Optional.empty());
  }

  private record Deaf() implements Line {
    @Override
    public void emit(String event, Map<String, @Nullable Object> payload) {}

    @Override
    public void close() {}
  }
}
