package kith.socketio.engine;

/** How a WebSocket is closed (RFC 6455 section 7.4.1). */
final class CloseCode {
  static final int NORMAL_CLOSURE = 1000;
  static final int GOING_AWAY = 1001;
  static final int PROTOCOL_ERROR = 1002;
  static final int POLICY_VIOLATION = 1008;

  private CloseCode() {}
}
