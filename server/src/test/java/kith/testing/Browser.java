package kith.testing;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import kith.json.Json;

/** Something that sends requests to one server, perhaps with an access token. */
public final class Browser {
  private static final int PATIENCE = 30;
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final URI base;
  private final Map<String, String> headers;

  public Browser(URI base) {
    this(base, Map.of());
  }

  private Browser(URI base, Map<String, String> headers) {
    this.base = base;
    this.headers = headers;
  }

  /** The same, sending that header, too. */
  public Browser with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Browser(base, more);
  }

  public Browser withToken(String token) {
    return with("Authorization", "Bearer " + token);
  }

  public Reply get(String path) {
    return send("GET", path, null);
  }

  /**
   * What the server tells of its health. It gives its relay a second to answer, which on a busy
   * machine may be too little: then it is asked again.
   */
  public Reply health() {
    Reply health = get("/health");
    for (int more = 1; more < PATIENCE && health.status() == 503; more++) {
      health = get("/health");
    }
    return health;
  }

  public Reply delete(String path) {
    return send("DELETE", path, null);
  }

  public Reply post(String path) {
    return send("POST", path, null);
  }

  /** Posts a JSON object of those fields: name, value, name, value. */
  public Reply post(String path, Object... fields) {
    return post(path, object(fields));
  }

  public Reply post(String path, Map<String, Object> object) {
    return postBytes(path, Json.write(object));
  }

  public Reply postText(String path, String body) {
    return postBytes(path, body.getBytes(StandardCharsets.UTF_8));
  }

  public Reply postBytes(String path, byte[] body) {
    return with("Content-Type", "application/json").send("POST", path, body);
  }

  public Reply patch(String path, Object... fields) {
    return with("Content-Type", "application/json").send("PATCH", path, Json.write(object(fields)));
  }

  public Reply send(String method, String path, byte[] body) {
    var request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(Duration.ofSeconds(60))
            .method(
                method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    headers.forEach(request::setHeader);
    try {
      return new Reply(HTTP.send(request.build(), BodyHandlers.ofByteArray()));
    } catch (IOException | InterruptedException failure) {
      throw new IllegalStateException(method + " " + path, failure);
    }
  }

  private static Map<String, Object> object(Object... fields) {
    Map<String, Object> object = new LinkedHashMap<>();
    for (int i = 0; i < fields.length; i += 2) {
      object.put((String) fields[i], fields[i + 1]);
    }
    return object;
  }
}
