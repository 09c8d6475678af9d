package kith.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kith.json.Json;

/** What came back for a request, and what a test expects of it. */
public record Reply(HttpResponse<byte[]> http) {
  public int status() {
    return http.statusCode();
  }

  public String body() {
    return new String(http.body(), StandardCharsets.UTF_8);
  }

  public Optional<String> header(String name) {
    return http.headers().firstValue(name);
  }

  public Map<?, ?> json() {
    return (Map<?, ?>) Json.read(http.body());
  }

  /** A field, or a field of a field: {@code "user.username"}. */
  public Object get(String path) {
    Object value = json();
    for (String name : path.split("\\.")) {
      value = ((Map<?, ?>) value).get(name);
    }
    return value;
  }

  public String text(String path) {
    return (String) get(path);
  }

  public long number(String path) {
    return ((Number) get(path)).longValue();
  }

  public List<?> list(String path) {
    return (List<?>) get(path);
  }

  /** The names of the fields that were refused. */
  public List<Object> wrongFields() {
    return list("errors").stream().<Object>map(error -> ((Map<?, ?>) error).get("field")).toList();
  }

  public Reply isOk() {
    return is(200);
  }

  public Reply is(int status) {
    assertEquals(status, status(), this::body);
    return this;
  }

  /** A problem (RFC 9457) with that status and code. */
  public Reply isProblem(int status, String code) {
    is(status);
    assertEquals("application/problem+json", header("content-type").orElse(""));
    assertEquals(code, get("code"));
    assertEquals(status, number("status"));
    return this;
  }
}
