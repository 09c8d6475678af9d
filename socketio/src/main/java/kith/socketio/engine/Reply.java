package kith.socketio.engine;

import java.nio.charset.StandardCharsets;

/** The status and body of an HTTP response. */
public record Reply(int status, String contentType, byte[] body) {
  static final String TEXT = "text/plain; charset=UTF-8";
  static final Reply OK = text("ok");

  static Reply text(String body) {
    return text(body.getBytes(StandardCharsets.UTF_8));
  }

  static Reply text(byte[] body) {
    return new Reply(200, TEXT, body);
  }

  /** An empty answer. */
  public static Reply empty(int status) {
    return new Reply(status, TEXT, new byte[0]);
  }

  /**
   * The error body of the reference implementation: {@code {"code":1,"message":"Session ID
   * unknown"}}.
   */
  public static Reply error(EngineError error) {
    String json = "{\"code\":" + error.code() + ",\"message\":\"" + error.message() + "\"}";
    return new Reply(error.status(), "application/json", json.getBytes(StandardCharsets.UTF_8));
  }
}
