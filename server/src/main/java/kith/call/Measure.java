package kith.call;

/**
 * A number that {@code call-quality} may tell, from 0 to its most; docs/protocol.md has the table.
 */
public enum Measure {
  WARM("warmMs", 3_600_000),
  FIRST_FRAME("firstFrameMs", 600_000),
  FIRST_AUDIO("firstAudioMs", 600_000),
  ROUND_TRIP("rttMs", 60_000),
  JITTER("jitterMs", 60_000),
  LOSS("lossPct", 100),
  BITRATE("bitrateKbps", 1_000_000),
  SENT("sentKbps", 1_000_000),
  FRAME_RATE("frameRate", 1_000),
  FRAME_WIDTH("frameWidth", 100_000),
  FRAME_HEIGHT("frameHeight", 100_000),
  FREEZES("freezes", 1_000_000),
  FROZEN("frozenMs", 86_400_000),
  INTERRUPTIONS("interruptions", 1_000_000),
  INTERRUPTED("interruptedMs", 86_400_000),
  ICE_RESTARTS("iceRestarts", 1_000_000),
  VIDEO_PAUSES("videoPauses", 1_000_000),
  VIDEO_PAUSED("videoPausedMs", 86_400_000);

  private final String wire;
  private final long most;

  Measure(String wire, long most) {
    this.wire = wire;
    this.most = most;
  }

  public String wire() {
    return wire;
  }

  public long most() {
    return most;
  }
}
