package kith.socketio.engine;

/** An HTTP request that waits for its response. */
public interface Exchange {
  /** Answers; called once. */
  void respond(Reply reply);
}
