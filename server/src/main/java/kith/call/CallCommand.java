package kith.call;

import java.util.OptionalLong;

/** What is to be done about a call, in this order. */
public sealed interface CallCommand {

  /** Write the call down, before anyone is told. */
  record Save(Call call) implements CallCommand {}

  /** Write the call down in the place of the one it was (glare). */
  record SaveInsteadOf(CallId former, Call call) implements CallCommand {}

  record Tell(Endpoint to, CallMessage message) implements CallCommand {}

  /** Keep what this device is told from now on: it is away. */
  record Hold(Endpoint device) implements CallCommand {}

  /** Forget what this device was told: it begins anew. */
  record Forget(Endpoint device) implements CallCommand {}

  /** Keep nothing of this device any more: it went, and rings no longer. */
  record Dismiss(Endpoint device) implements CallCommand {}

  /** Send what this device missed, and hold nothing back any more. */
  record Replay(Endpoint device, OptionalLong received) implements CallCommand {}
}
