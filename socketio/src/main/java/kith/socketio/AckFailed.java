package kith.socketio;

/** An acknowledgement that does not come. */
public final class AckFailed extends RuntimeException {
  public enum Cause {
    /** Not within the time given. */
    TIMEOUT,
    /** The socket ended first. */
    DISCONNECTED,
    /** The socket owes too many already. */
    TOO_MANY
  }

  private final Cause why;

  public AckFailed(Cause why) {
    super("no acknowledgement: " + why, null, false, false);
    this.why = why;
  }

  public Cause why() {
    return why;
  }
}
