package kith.call.running;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import kith.auth.UserId;
import kith.call.Call;
import kith.call.CallEvent;
import kith.call.CallId;
import kith.call.CallMachine;
import kith.call.CallMachine.Callee;
import kith.call.CallMessage;
import kith.call.CallSettings;
import kith.call.Device;
import kith.call.DeviceId;
import kith.call.Endpoint;
import kith.call.Media;
import kith.privacy.RelayPolicy;
import org.junit.jupiter.api.Test;

/** A server starts, and finds calls that were running when it stopped. */
class TakingUpTest {
  private static final CallMachine MACHINE = new CallMachine(CallSettings.DEFAULTS);
  private static final Instant T0 = VirtualTime.BEGINNING;
  private static final Device ALICE = device("alice");
  private static final Device BOB = device("bob");
  private static final Device CAROL = device("carol");
  private static final Device DAVE = device("dave");

  private final CallsInMemory store = new CallsInMemory();

  private static Device device(String user) {
    return new Device(new Endpoint(new UserId(user), new DeviceId(user)), user, true, true);
  }

  private static Call call(int id, Device by, Device to, Callee callee) {
    var offers =
        new CallEvent.Offers(
            new CallId(new UUID(0, id)),
            true,
            by,
            to.user(),
            OneCircle.FAMILY,
            Media.VIDEO,
            Optional.empty(),
            RelayPolicy.DIRECT);
    return MACHINE.begin(offers, callee, List.of(to), T0).call();
  }

  private static Call answered(Call call, Device by) {
    return MACHINE
        .on(call, new CallEvent.Answers(call.id(), by, Optional.empty()), List.of(), T0)
        .call();
  }

  private static Call held(Call call, Device by) {
    return MACHINE.on(call, new CallEvent.Holds(call.id(), by, true), List.of(), T0).call();
  }

  /** Bob holds the call with Alice and talks with Carol, beside whom a call of Dave's waits. */
  @Test
  void callsThatHaveSomeoneInCommonGoOnInWhateverOrderTheyAreFound() {
    Call first = held(answered(call(1, ALICE, BOB, Callee.FREE), BOB), BOB);
    Call between = answered(call(2, CAROL, BOB, Callee.TALKING), BOB);
    Call last = call(3, DAVE, CAROL, Callee.TALKING);
    // The clock was put back before the one between them began.
    List.of(first, last, between).forEach(store::add);
    var circle = new OneCircle();
    List.of(ALICE, BOB, CAROL, DAVE).forEach(device -> circle.join(device.user()));
    Calls calls =
        CallsInVirtualTime.on(
            store, CallSettings.DEFAULTS, circle, new Nobody(), new VirtualTime());
    assertEquals(List.of(), store.ends);
    assertEquals(2, calls.callsOf(BOB.user()).size());
    assertEquals(2, calls.callsOf(CAROL.user()).size());
  }

  /** No device is back yet. */
  private record Nobody() implements Devices {
    @Override
    public List<Device> of(UserId user) {
      return List.of();
    }

    @Override
    public long connectionOf(Endpoint device) {
      return 0;
    }

    @Override
    public boolean tell(Endpoint to, long connection, CallMessage message, long number) {
      return false;
    }
  }
}
