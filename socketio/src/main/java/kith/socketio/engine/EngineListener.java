package kith.socketio.engine;

/**
 * What an Engine.IO session tells the protocol above it. Arrays belong to the listener, which may
 * keep but not change them.
 */
public interface EngineListener {
  /** A text message: {@code utf8[from, to)}. */
  void onText(byte[] utf8, int from, int to, long now);

  void onBinary(byte[] data, long now);

  /** Called once; nothing follows. */
  void onClosed(CloseReason reason, long now);

  /** Does what is due. */
  void onTick(long now);

  /** When {@link #onTick} is next needed, or {@link Long#MAX_VALUE}. */
  long nextDeadline();
}
