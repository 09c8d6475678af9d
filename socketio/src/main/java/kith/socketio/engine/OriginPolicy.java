package kith.socketio.engine;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which web pages may talk to the server. A request without an Origin (a native client) always may,
 * as may the server's own pages; other origins must be listed, or all be allowed by {@code "*"}.
 *
 * @see <a href="https://fetch.spec.whatwg.org/#http-cors-protocol">CORS protocol</a>
 */
public final class OriginPolicy {
  private static final int MAX_ECHOED_HEADERS = 256;

  private final Set<String> allowed;

  public OriginPolicy(Set<String> allowed) {
    this.allowed =
        allowed.stream().map(o -> o.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
  }

  public boolean allows(EngineRequest request) {
    String origin = request.headers().get("Origin");
    return origin == null || any() || listed(origin) || ownPage(origin, request);
  }

  private boolean any() {
    return allowed.contains("*");
  }

  private boolean listed(String origin) {
    return allowed.contains(origin.toLowerCase(Locale.ROOT));
  }

  /** Compares host and port only: behind a proxy that ends TLS the schemes differ. */
  private static boolean ownPage(String origin, EngineRequest request) {
    String host = request.headers().get("Host");
    int authority = origin.indexOf("://");
    return host != null
        && authority > 0
        && withoutDefaultPort(origin.substring(authority + 3))
            .equalsIgnoreCase(withoutDefaultPort(host));
  }

  private static String withoutDefaultPort(String authority) {
    return authority.replaceFirst(":(80|443)$", "");
  }

  /** The CORS fields of the response to an allowed request. */
  public Map<String, String> responseHeaders(EngineRequest request) {
    String origin = request.headers().get("Origin");
    if (origin == null || !allows(request) || !isOrigin(origin)) {
      return Map.of();
    }
    Map<String, String> fields = new LinkedHashMap<>();
    if (any()) {
      fields.put("Access-Control-Allow-Origin", "*");
    } else {
      fields.put("Access-Control-Allow-Origin", origin);
      fields.put("Access-Control-Allow-Credentials", "true");
      fields.put("Vary", "Origin");
    }
    if (request.method().equals("OPTIONS")) {
      fields.put("Access-Control-Allow-Methods", "GET, POST");
      fields.put("Access-Control-Allow-Headers", allowedHeaders(request));
      fields.put("Access-Control-Max-Age", "600");
    }
    return fields;
  }

  private static String allowedHeaders(EngineRequest request) {
    String asked = request.headers().get("Access-Control-Request-Headers");
    return asked != null && asked.length() <= MAX_ECHOED_HEADERS && asked.matches("[\\w\\-, ]+")
        ? asked
        : "Content-Type";
  }

  private static boolean isOrigin(@Nullable String origin) {
    try {
      return origin != null && URI.create(origin).isAbsolute();
    } catch (IllegalArgumentException malformed) {
      return false;
    }
  }
}
