package kith.call.running;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import kith.call.CallEvent;
import kith.call.CallId;
import kith.call.Device;
import kith.call.Endpoint;
import kith.call.Offer;
import kith.call.Reply;

/** A device that speaks to the server, and says again the goodbyes that were not acknowledged. */
abstract class SpeakingDevice extends SimulatedDevice {
  final Device device;

  /** Goodbyes that nobody acknowledged. */
  private final Map<CallId, CallEvent.FromDevice> unheard = new LinkedHashMap<>();

  SpeakingDevice(Endpoint at, SimulatedWorld world) {
    super(at, world);
    this.device = new Device(at, "Name of " + at.user(), true, true);
  }

  /** The server acknowledged a goodbye. */
  abstract void goodbyeIsHeard(Reply reply);

  void says(CallEvent.FromDevice event) {
    says(event, reply -> {});
  }

  void says(CallEvent.FromDevice event, Consumer<Reply> then) {
    if (link() != null) {
      world.tell(() -> at.device() + " says " + event);
      SimulatedLink by = link();
      by.up(() -> by.server.hears(by, event, then));
    }
  }

  void says(Offer offer, Consumer<Reply> then) {
    SimulatedLink by = link();
    by.up(() -> by.server.hears(by, offer, then));
  }

  void saysThatItIsBack(CallId call, long received, Consumer<Calls.Resumed> then) {
    SimulatedLink by = link();
    by.up(() -> by.server.resumes(by, call, received, then));
  }

  void saysGoodbye(CallEvent.FromDevice event) {
    unheard.put(event.callId(), event);
    saysGoodbyeOnce(event);
  }

  void saysGoodbyesAgain() {
    List.copyOf(unheard.values()).forEach(this::saysGoodbyeOnce);
  }

  private void saysGoodbyeOnce(CallEvent.FromDevice event) {
    says(
        event,
        reply -> {
          unheard.remove(event.callId());
          goodbyeIsHeard(reply);
        });
  }

  boolean saidGoodbyeTo(CallId call) {
    return unheard.containsKey(call);
  }

  boolean hasSaidAll() {
    return unheard.isEmpty();
  }

  @Override
  public String toString() {
    return ", to be said: " + unheard.values();
  }
}
