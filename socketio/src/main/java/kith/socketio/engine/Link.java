package kith.socketio.engine;

/** A WebSocket as a session sees it. */
public interface Link {
  /** Sends a frame. Never blocks; does nothing on a closed link. */
  void write(Frame frame);

  /**
   * False while what was written waits for the client to read; {@link EngineSession#linkDrained}
   * follows.
   */
  boolean writable();

  /** Ends the link by the closing handshake, after what was written. */
  void close(int statusCode);

  /** Ends the link at once, dropping what was written. */
  void abort();
}
