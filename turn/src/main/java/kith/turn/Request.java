package kith.turn;

import kith.turn.stun.TransactionId;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a request to answer it: its attributes stay in the buffer, which is gone when the
 * call returns.
 *
 * @param identity null where the method needs none, or it was not proved
 * @param fingerprint whether the reply gets a FINGERPRINT because the request had one
 */
record Request(
    Flow flow,
    int method,
    TransactionId id,
    boolean fingerprint,
    @Nullable Identity identity,
    long now) {

  Request provedBy(Identity who) {
    return new Request(flow, method, id, fingerprint, who, now);
  }

  Request answeredBy(Flow other) {
    return new Request(other, method, id, fingerprint, identity, now);
  }

  Identity requireIdentity() {
    if (identity == null) {
      throw new IllegalStateException("the method is not authenticated");
    }
    return identity;
  }
}
