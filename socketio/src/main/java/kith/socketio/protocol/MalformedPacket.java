package kith.socketio.protocol;

/**
 * What a client sent is no packet; its connection is to be closed. Without a stack trace: clients
 * can cause many.
 */
public final class MalformedPacket extends Exception {
  private final String what;

  public MalformedPacket(String what) {
    super(what, null, false, false);
    this.what = what;
  }

  /** What is wrong with it. */
  public String what() {
    return what;
  }
}
