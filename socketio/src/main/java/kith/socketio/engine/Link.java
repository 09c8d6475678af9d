package kith.socketio.engine;

/** A WebSocket as a session sees it. */
public interface Link {
  /**
   * Sends a frame, at the latest when the current turn of its event loop ends. Never blocks; does
   * nothing on a closed link.
   */
  void write(Frame frame);

  /**
   * What was written leaves when the current turn ends, a moment apart from what follows, so that a
   * client can act on it before it reads the next.
   */
  void separate();

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
