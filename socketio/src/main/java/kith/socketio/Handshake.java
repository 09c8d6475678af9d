package kith.socketio;

import java.util.Map;
import kith.socketio.engine.EngineRequest;
import org.jspecify.annotations.Nullable;

/**
 * How a client came to a namespace: what it sent with CONNECT, and the HTTP request that opened its
 * connection.
 */
public final class Handshake {
  private final String namespace;
  private final Map<String, @Nullable Object> auth;
  private final EngineRequest request;

  Handshake(String namespace, Map<String, @Nullable Object> auth, EngineRequest request) {
    this.namespace = namespace;
    this.auth = auth;
    this.request = request;
  }

  public String namespace() {
    return namespace;
  }

  /** The object sent with CONNECT, empty when there was none; JSON as plain Java. */
  public Map<String, @Nullable Object> auth() {
    return auth;
  }

  /** The query of the request, the first value of each parameter. */
  public Map<String, String> query() {
    return request.query();
  }

  /** The header fields of the request by lower-case name. */
  public Map<String, String> headers() {
    return request.headers().toMap();
  }

  /** A header field of the request, by a name in any case. */
  public @Nullable String header(String name) {
    return request.headers().get(name);
  }

  /** The peer's IP address, empty when unknown. */
  public String remoteAddress() {
    return request.remoteAddress();
  }

  /** Whether the request came over TLS. */
  public boolean secure() {
    return request.secure();
  }
}
