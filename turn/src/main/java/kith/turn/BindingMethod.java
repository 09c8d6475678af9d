package kith.turn;

import kith.turn.Counters.Count;
import kith.turn.stun.AttributeSet;
import kith.turn.stun.AttributeType;

/** Binding: tells a client its own address (RFC 8489 §3). */
final class BindingMethod {
  static final AttributeSet KNOWN =
      new AttributeSet(
          AttributeType.USERNAME,
          AttributeType.MESSAGE_INTEGRITY,
          AttributeType.MESSAGE_INTEGRITY_SHA256,
          AttributeType.REALM,
          AttributeType.NONCE);

  private final Outbox outbox;
  private final Counters counters;

  BindingMethod(Outbox outbox, Counters counters) {
    this.outbox = outbox;
    this.counters = counters;
  }

  void handle(Request request) {
    counters.add(Count.BINDING_REQUESTS);
    outbox.send(
        request,
        Outbox.success(request)
            .xorAddress(AttributeType.XOR_MAPPED_ADDRESS, request.flow().client()));
  }
}
