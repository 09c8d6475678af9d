package kith.socketio.engine;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP request that reached the server, without its body.
 *
 * @param method upper case
 * @param query the first value of each parameter, decoded
 * @param remoteAddress the peer's IP address, empty when unknown
 * @param secure whether it came over TLS
 * @param webSocket whether it asks for a WebSocket
 */
public record EngineRequest(
    String method,
    Map<String, String> query,
    Headers headers,
    String remoteAddress,
    boolean secure,
    boolean webSocket) {

  @Nullable String transport() {
    return query.get("transport");
  }
}
