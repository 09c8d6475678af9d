package kith.turn;

import kith.turn.Counters.Count;
import kith.turn.stun.AttributeSet;
import kith.turn.stun.AttributeType;
import kith.turn.stun.StunMessage;
import kith.turn.stun.StunWriter;

/** Binding: tells a client its own address (RFC 8489 §3). */
final class BindingMethod {
  // Credentials are understood, and not needed.
  private static final AttributeSet KNOWN = TurnCore.CREDENTIALS;

  private static final AttributeSet KNOWN_IN_DISCOVERY =
      KNOWN.with(AttributeType.CHANGE_REQUEST, AttributeType.RESPONSE_PORT);

  private final AddressLimiter limiter;
  private final Outbox outbox;
  private final Counters counters;

  BindingMethod(TurnShared shared, Outbox outbox, Counters counters) {
    this.limiter = shared.bindings();
    this.outbox = outbox;
    this.counters = counters;
  }

  /**
   * What a request to this listener may carry: CHANGE-REQUEST and its like only where they can be
   * followed.
   */
  static AttributeSet known(Listener listener) {
    return listener.discovery() == null ? KNOWN : KNOWN_IN_DISCOVERY;
  }

  void handle(Request request, StunMessage message) {
    counters.add(Count.BINDING_REQUESTS);
    Flow flow = request.flow();
    boolean proved = flow.isStream() || flow.hasAllocation();
    if (!proved && !limiter.allows(flow.client(), request.now())) {
      counters.add(Count.DROPPED_BINDING_LIMIT);
      return;
    }
    StunWriter reply =
        Outbox.success(request).xorAddress(AttributeType.XOR_MAPPED_ADDRESS, flow.client());
    Listener asked = flow.listener();
    Discovery discovery = asked.discovery();
    if (discovery == null) {
      outbox.send(request, reply);
      return;
    }
    Listener answering = discovery.answering(asked, message);
    discovery.describe(reply, asked, answering);
    Flow back = new Flow(answering, Discovery.answered(flow.client(), message), answering.handle());
    outbox.send(request.answeredBy(back), reply);
  }
}
