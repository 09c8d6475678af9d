package kith.socketio.engine;

/** Why an Engine.IO session ended. */
public enum CloseReason {
  /** The client closed it, or its connection ended. */
  TRANSPORT_CLOSE,
  /** A request was aborted, refused or out of turn. */
  TRANSPORT_ERROR,
  /** No pong in time. */
  PING_TIMEOUT,
  /** The client sent what the protocol does not allow. */
  PARSE_ERROR,
  /** The server closed it. */
  FORCED_CLOSE,
  /** The client did not read what was sent to it and the outbound queue is full. */
  SLOW_READER,
  /** The server is going away. */
  SERVER_SHUTTING_DOWN
}
