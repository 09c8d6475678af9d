package kith.socketio.engine;

/** Why a request is refused; codes 0-5 are those of the reference implementation. */
public enum EngineError {
  UNKNOWN_TRANSPORT(0, 400, "Transport unknown"),
  UNKNOWN_SESSION(1, 400, "Session ID unknown"),
  BAD_HANDSHAKE_METHOD(2, 400, "Bad handshake method"),
  BAD_REQUEST(3, 400, "Bad request"),
  FORBIDDEN(4, 403, "Forbidden"),
  UNSUPPORTED_PROTOCOL(5, 400, "Unsupported protocol version"),
  PAYLOAD_TOO_LARGE(6, 413, "Payload too large"),
  UNAVAILABLE(7, 503, "Too many connections");

  private final int code;
  private final int status;
  private final String message;

  EngineError(int code, int status, String message) {
    this.code = code;
    this.status = status;
    this.message = message;
  }

  public int code() {
    return code;
  }

  public int status() {
    return status;
  }

  public String message() {
    return message;
  }
}
