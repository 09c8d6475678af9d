package kith.web;

import java.util.Map;
import java.util.Set;

/** Which pages of other origins may use the API (Fetch standard, section 3.3). */
public final class Cors {
  private final Set<String> allowedOrigins;

  public Cors(Set<String> allowedOrigins) {
    this.allowedOrigins = allowedOrigins;
  }

  /** What an answer says to a page of that origin; nothing if it is not allowed. */
  Map<String, String> headers(String origin) {
    if (!allowedOrigins.contains("*") && !allowedOrigins.contains(origin)) {
      return Map.of();
    }
    return Map.of(
        "Access-Control-Allow-Origin", origin,
        "Access-Control-Expose-Headers", "Retry-After",
        "Vary", "Origin");
  }

  /** The answer to a preflight request. */
  Answer preflight(String origin) {
    Answer answer = Answer.nothing();
    for (var header : headers(origin).entrySet()) {
      answer =
          answer
              .with(header.getKey(), header.getValue())
              .with("Access-Control-Allow-Methods", "GET, POST, PATCH, DELETE")
              .with("Access-Control-Allow-Headers", "Authorization, Content-Type")
              .with("Access-Control-Max-Age", "600");
    }
    return answer;
  }
}
