package kith.call;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import kith.auth.UserId;
import kith.circle.CircleId;
import kith.privacy.RelayPolicy;

/** What a device is told of a call. */
public sealed interface CallMessage {
  CallId callId();

  /**
   * {@code call-offer}.
   *
   * @param expiresIn how long it will ring; zero if it is answered already (glare)
   * @param state where it stands; it may be waiting beside the call its callee talks in
   * @param replaces the receiver's own call that this one took the place of (glare)
   */
  record Offered(
      CallId callId,
      Device from,
      CircleId circle,
      Media media,
      Optional<SessionDescription> offer,
      CallState state,
      Duration expiresIn,
      Optional<CallId> replaces,
      RelayPolicy relay)
      implements CallMessage {
    Offered withOffer(Optional<SessionDescription> description) {
      return new Offered(
          callId, from, circle, media, description, state, expiresIn, replaces, relay);
    }
  }

  /**
   * {@code call-ringing}.
   *
   * @param waiting the callee is in another call
   */
  record Rings(CallId callId, Device from, boolean waiting) implements CallMessage {}

  /** {@code call-answer}. */
  record Answered(CallId callId, Device from, Optional<SessionDescription> answer)
      implements CallMessage {}

  /** {@code call-decline}. */
  record Declined(CallId callId, Device from) implements CallMessage {}

  /** {@code call-elsewhere}: another device of the receiver's took or refused the call. */
  record Elsewhere(CallId callId, boolean answered, Device device) implements CallMessage {}

  /**
   * {@code end-call}: the last message of a call.
   *
   * @param duration since it was answered; empty if it never was
   * @param replacedBy the call that took its place (glare)
   */
  record Ended(
      CallId callId,
      Reason reason,
      Optional<UserId> by,
      Optional<Duration> duration,
      Optional<CallId> replacedBy)
      implements CallMessage {}

  /** {@code call-description}. */
  record Described(CallId callId, Device from, SessionDescription description)
      implements CallMessage {}

  /** {@code ice-candidate}. */
  record Trickled(CallId callId, Device from, List<IceCandidate> candidates)
      implements CallMessage {}

  /** {@code call-media}. */
  record Shows(CallId callId, Device from, MediaState media) implements CallMessage {}

  /** {@code call-hold}: the other side put the call on hold, or goes on with it. */
  record Held(CallId callId, Device from, boolean held) implements CallMessage {}

  /**
   * {@code call-state}: the call as it stands, seen from the receiver.
   *
   * @param shows what the receiver said last that it sends: it may have said more, which was lost
   */
  record Snapshot(
      CallId callId,
      CallState state,
      UserId peer,
      Optional<DeviceId> peerDevice,
      Optional<MediaState> shows,
      Optional<MediaState> peerShows,
      boolean held,
      boolean peerHeld,
      Media media,
      Instant since,
      RelayPolicy relay)
      implements CallMessage {

    static Snapshot of(Call call, Device viewer) {
      UserId user = viewer.user();
      Optional<Seat> own = call.seatOf(user);
      Optional<Seat> peer = call.seatOf(call.peerOf(user));
      return new Snapshot(
          call.id(),
          call.state(),
          call.peerOf(user),
          call.peerDeviceOf(user),
          own.flatMap(Seat::shows),
          peer.flatMap(Seat::shows),
          own.filter(Seat::held).isPresent(),
          peer.filter(Seat::held).isPresent(),
          call.media(),
          since(call),
          call.relay());
    }

    /** When the two began to talk, or else when it began to ring. */
    private static Instant since(Call call) {
      return switch (call.state()) {
        case CallState.Unanswered unanswered -> call.offeredAt();
        case CallState.Answered answered -> answered.answeredAt();
        case CallState.Ended ended -> ended.at();
      };
    }
  }

  /** {@code peer-connection}: the other device dropped out, or came back. */
  record PeerConnection(CallId callId, boolean reconnected) implements CallMessage {}
}
