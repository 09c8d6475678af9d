package kith.call;

import java.util.Locale;

/** An {@code RTCSessionDescription} (W3C WebRTC 4.6.2). */
public record SessionDescription(Type type, String sdp) {
  /** {@code RTCSdpType} (W3C WebRTC 4.6.1). */
  public enum Type {
    OFFER,
    PRANSWER,
    ANSWER,
    ROLLBACK;

    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public boolean isAnswer() {
    return type == Type.ANSWER;
  }

  @Override
  public String toString() {
    return type.wire() + " of " + sdp.length() + " characters";
  }
}
