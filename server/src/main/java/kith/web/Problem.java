package kith.web;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kith.input.BadInput;
import kith.input.BadInput.FieldError;
import kith.json.Json;

/** Why a request was refused, told as problem details (RFC 9457). */
public final class Problem extends RuntimeException {
  private final int status;
  private final String code;
  private final transient List<FieldError> errors;
  private final transient Map<String, String> headers;

  private Problem(
      int status,
      String code,
      String detail,
      List<FieldError> errors,
      Map<String, String> headers) {
    super(detail, null, false, false);
    this.status = status;
    this.code = code;
    this.errors = errors;
    this.headers = headers;
  }

  /**
   * @param code one word a program can tell it by
   * @param detail one sentence a person can read
   */
  public Problem(int status, String code, String detail) {
    this(status, code, detail, List.of(), Map.of());
  }

  public static Problem badRequest(String detail) {
    return new Problem(400, "bad_request", detail);
  }

  public static Problem badRequest(BadInput input) {
    return new Problem(
        400, "bad_request", String.valueOf(input.getMessage()), input.errors(), Map.of());
  }

  /** RFC 6750 section 3. */
  public static Problem unauthorized(String code, String detail) {
    return new Problem(401, code, detail, List.of(), Map.of("WWW-Authenticate", "Bearer"));
  }

  public static Problem forbidden(String detail) {
    return new Problem(403, "forbidden", detail);
  }

  public static Problem notFound(String detail) {
    return new Problem(404, "not_found", detail);
  }

  public static Problem conflict(String detail) {
    return new Problem(409, "conflict", detail);
  }

  public static Problem rateLimited(Duration wait) {
    long seconds = Math.max(1, wait.plusMillis(999).toSeconds());
    return new Problem(
        429,
        "rate_limited",
        "Too many attempts; try again in " + seconds + (seconds == 1 ? " second" : " seconds"),
        List.of(),
        Map.of("Retry-After", Long.toString(seconds)));
  }

  public static Problem unavailable(String detail) {
    return new Problem(503, "unavailable", detail, List.of(), Map.of("Retry-After", "2"));
  }

  static Problem methodNotAllowed(String allowed) {
    return new Problem(
        405, "bad_request", "This address takes " + allowed, List.of(), Map.of("Allow", allowed));
  }

  public int status() {
    return status;
  }

  public String code() {
    return code;
  }

  Answer answer() {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("type", "about:blank");
    body.put("title", Answer.reason(status));
    body.put("status", status);
    body.put("code", code);
    body.put("detail", getMessage());
    if (!errors.isEmpty()) {
      body.put("errors", errors);
    }
    Answer answer =
        new Answer(status, Map.of("Content-Type", "application/problem+json"), Json.write(body));
    for (var header : headers.entrySet()) {
      answer = answer.with(header.getKey(), header.getValue());
    }
    return answer;
  }
}
