package kith.call;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import kith.privacy.RelayedOnly;

/** What a device is told of a call whose users hide their addresses from each other. */
final class WithoutAddresses {
  private WithoutAddresses() {}

  /** The message without addresses; empty if nothing is left of it. */
  static Optional<CallMessage> of(CallMessage message) {
    return switch (message) {
      case CallMessage.Offered offered ->
          Optional.of(offered.withOffer(offered.offer().map(WithoutAddresses::of)));
      case CallMessage.Answered answered ->
          Optional.of(
              new CallMessage.Answered(
                  answered.callId(), answered.from(), answered.answer().map(WithoutAddresses::of)));
      case CallMessage.Described described ->
          Optional.of(
              new CallMessage.Described(
                  described.callId(), described.from(), of(described.description())));
      case CallMessage.Trickled trickled -> of(trickled);
      case CallMessage.Rings rings -> Optional.of(rings);
      case CallMessage.Declined declined -> Optional.of(declined);
      case CallMessage.Elsewhere elsewhere -> Optional.of(elsewhere);
      case CallMessage.Ended ended -> Optional.of(ended);
      case CallMessage.Shows shows -> Optional.of(shows);
      case CallMessage.Held held -> Optional.of(held);
      case CallMessage.Snapshot snapshot -> Optional.of(snapshot);
      case CallMessage.PeerConnection connection -> Optional.of(connection);
    };
  }

  private static SessionDescription of(SessionDescription description) {
    return new SessionDescription(description.type(), RelayedOnly.description(description.sdp()));
  }

  private static Optional<CallMessage> of(CallMessage.Trickled trickled) {
    List<IceCandidate> relayed =
        trickled.candidates().stream().flatMap(WithoutAddresses::of).toList();
    return relayed.isEmpty()
        ? Optional.empty()
        : Optional.of(new CallMessage.Trickled(trickled.callId(), trickled.from(), relayed));
  }

  private static Stream<IceCandidate> of(IceCandidate candidate) {
    return candidate == IceCandidate.END
        ? Stream.of(candidate)
        : RelayedOnly.candidate(candidate.candidate())
            .map(
                relayed ->
                    new IceCandidate(
                        relayed,
                        candidate.sdpMid(),
                        candidate.sdpMLineIndex(),
                        candidate.usernameFragment()))
            .stream();
  }
}
