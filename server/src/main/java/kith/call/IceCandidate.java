package kith.call;

import java.util.Optional;

/**
 * An {@code RTCIceCandidateInit} (W3C WebRTC 4.8.1.1). {@link #END} tells that no more will come.
 */
public record IceCandidate(
    String candidate,
    Optional<String> sdpMid,
    Optional<Integer> sdpMLineIndex,
    Optional<String> usernameFragment) {
  public static final IceCandidate END =
      new IceCandidate("", Optional.empty(), Optional.empty(), Optional.empty());

  @Override
  public String toString() {
    return this == END ? "end of candidates" : "candidate";
  }
}
