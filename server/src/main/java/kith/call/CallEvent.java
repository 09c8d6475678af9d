package kith.call;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kith.auth.UserId;
import kith.circle.CircleId;
import kith.privacy.RelayPolicy;

/** What can happen to a call. */
public sealed interface CallEvent {

  /** A device says something; {@code callId} is how it names the call. */
  sealed interface FromDevice extends CallEvent {
    CallId callId();

    Device by();
  }

  /**
   * A device of someone who is in this call calls someone: the other one (glare), the same call
   * again, or another.
   *
   * @param named whether the device made the callId itself
   * @param relay the stricter wish of the two
   */
  record Offers(
      CallId callId,
      boolean named,
      Device by,
      UserId to,
      CircleId circle,
      Media media,
      Optional<SessionDescription> offer,
      RelayPolicy relay)
      implements FromDevice {}

  record Rings(CallId callId, Device by) implements FromDevice {}

  record Answers(CallId callId, Device by, Optional<SessionDescription> answer)
      implements FromDevice {}

  /**
   * @param busy it refuses because it is in use, not because its user wants no call
   */
  record Declines(CallId callId, Device by, boolean busy) implements FromDevice {}

  /**
   * @param because what the device knows of the media connection: {@code CONNECT_FAILED} or {@code
   *     CONNECTION_LOST}; empty if its user hung up
   */
  record HangsUp(CallId callId, Device by, Optional<Reason> because) implements FromDevice {}

  record Describes(CallId callId, Device by, DeviceId to, SessionDescription description)
      implements FromDevice {}

  /**
   * @param to one device of the other side; empty for all that take part
   */
  record Trickles(CallId callId, Device by, Optional<DeviceId> to, List<IceCandidate> candidates)
      implements FromDevice {}

  record Shows(CallId callId, Device by, MediaState media) implements FromDevice {}

  /** Puts the call on hold, or goes on with it. */
  record Holds(CallId callId, Device by, boolean held) implements FromDevice {}

  /** Its media connection is up. */
  record Connects(CallId callId, Device by) implements FromDevice {}

  record Reports(CallId callId, Device by, QualityReport quality) implements FromDevice {}

  /**
   * It was away and knows this call.
   *
   * @param received the number of the last message of this call it got; empty if it does not count
   */
  record Resumes(CallId callId, Device by, OptionalLong received) implements FromDevice {}

  /**
   * Its page goes away, to be loaded anew or for good: when its connection ends, it is soon lost.
   */
  record Leaves(CallId callId, Device by) implements FromDevice {}

  /** A device connected. It takes part again only once it {@link Resumes}. */
  record DeviceCame(Device device) implements CallEvent {}

  record DeviceWent(Endpoint device) implements CallEvent {}

  /**
   * A device learns that the call it took itself to be in is over: what rings there since it is
   * back, it may not have heeded.
   */
  record FreeAgain(Device device) implements CallEvent {}

  /** Nothing but that: what is due is done. */
  record TimePassed() implements CallEvent {}

  record LeftCircle(UserId user, CircleId circle) implements CallEvent {}

  /** The call beside which this one waited for someone, if it did, is over. */
  record NoLongerWaits(UserId callee) implements CallEvent {}

  /** The server cannot go on with this call. */
  record ServerFailed() implements CallEvent {}
}
