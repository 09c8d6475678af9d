package kith.web;

import java.net.InetAddress;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import kith.input.Fields;
import kith.json.Json;

/**
 * One HTTP request, whole.
 *
 * @param path percent-decoded where a parameter is
 * @param headers by lower-case name; of several, the first, but every X-Forwarded-For joined
 * @param client who sent it, as far as trusted proxies tell
 * @param fromAnyone whether a proxy passed it on that is not trusted, and is taken for the client
 * @param base the address it came by: scheme, host and port
 * @param parameters what stood in the place of the route's {@code {names}}
 */
public record Request(
    String method,
    String path,
    Map<String, String> query,
    Map<String, String> headers,
    byte[] body,
    InetAddress client,
    boolean fromAnyone,
    URI base,
    Map<String, String> parameters) {

  public String parameter(String name) {
    String value = parameters.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the route has no {" + name + "}");
    }
    return value;
  }

  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
  }

  /** The query as fields to be checked like a body's. */
  public Fields queryFields() {
    return Fields.of(query);
  }

  /** The body, which must be a JSON object. */
  public Fields json() {
    String type = header("content-type").orElse("").toLowerCase(Locale.ROOT);
    if (!type.startsWith("application/json")) {
      throw new Problem(415, "bad_request", "The body must be sent as application/json");
    }
    return Fields.of(Json.read(body));
  }

  /** The body, or no fields at all when there is none. */
  public Fields optionalJson() {
    return body.length == 0 ? Fields.of(Map.of()) : json();
  }

  Request with(Map<String, String> routeParameters) {
    return new Request(
        method, path, query, headers, body, client, fromAnyone, base, routeParameters);
  }
}
