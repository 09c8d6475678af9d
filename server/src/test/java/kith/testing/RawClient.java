package kith.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;

/** A Socket.IO client that speaks the protocol by hand over one WebSocket. */
public final class RawClient implements WebSocket.Listener, AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final WebSocket socket;
  private final StringBuilder partial = new StringBuilder();
  private final AtomicInteger ackIds = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonObject>> acks = new ConcurrentHashMap<>();
  private final BlockingQueue<JsonArray> events = new LinkedBlockingQueue<>();
  private final CompletableFuture<String> connected = new CompletableFuture<>();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();

  private RawClient(HttpClient http, String origin) {
    socket =
        http.newWebSocketBuilder()
            .buildAsync(URI.create(origin + "/socket.io/?EIO=4&transport=websocket"), this)
            .join();
  }

  /** Opens a connection and says nothing yet. */
  public static RawClient open(int port) {
    return new RawClient(HTTP, "ws://127.0.0.1:" + port);
  }

  /** The same over TLS. */
  public static RawClient open(int port, SSLContext tls) {
    HttpClient http = HttpClient.newBuilder().sslContext(tls).build();
    return new RawClient(http, "wss://localhost:" + port);
  }

  public static RawClient connect(int port, String token, String device) {
    return connect("127.0.0.1", port, token, device);
  }

  /** Reaches the server by that address. */
  public static RawClient connect(String host, int port, String token, String device) {
    var client = new RawClient(HTTP, "ws://" + host + ":" + port);
    String answer =
        client.connect(
            new JsonObject()
                .put("token", token)
                .put(
                    "device",
                    new JsonObject()
                        .put("id", device)
                        .put("features", new JsonArray().add("call-connected"))));
    assertEquals("40", answer.substring(0, 2), answer);
    return client;
  }

  /** Sends CONNECT; answers the packet that comes of it. */
  public String connect(JsonObject auth) {
    send("40" + auth.encode());
    return patiently(connected);
  }

  public void send(String packet) {
    synchronized (socket) {
      socket.sendText(packet, true).join();
    }
  }

  public void shouts(String event, Map<String, Object> payload) {
    send("42" + new JsonArray().add(event).add(new JsonObject(payload)).encode());
  }

  public CompletableFuture<JsonObject> asks(String event, Map<String, Object> payload) {
    int id = ackIds.incrementAndGet();
    var answer = new CompletableFuture<JsonObject>();
    acks.put(id, answer);
    send("42" + id + new JsonArray().add(event).add(new JsonObject(payload)).encode());
    return answer;
  }

  public JsonObject says(String event, Map<String, Object> payload) {
    return patiently(asks(event, payload));
  }

  /** The next message, news apart. */
  public JsonObject hears(String event) {
    JsonArray next = next(event);
    while (isNews(next)) {
      next = next(event);
    }
    assertEquals(event, next.getString(0), next.encode());
    return next.getJsonObject(1);
  }

  /** Waits for a message with these fields, past any others. */
  public JsonObject awaits(String event, Object... namesAndValues) {
    var fields = with(namesAndValues);
    while (true) {
      JsonArray next = next(event + " with " + fields);
      if (next.getString(0).equals(event)
          && next.getJsonObject(1).getMap().entrySet().containsAll(fields.entrySet())) {
        return next.getJsonObject(1);
      }
    }
  }

  private JsonArray next(String wanted) {
    try {
      JsonArray next = events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      return next == null ? fail("nothing was heard, not " + wanted) : next;
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  public boolean heardNothing() {
    return events.stream().allMatch(RawClient::isNews);
  }

  /** What comes at any time, to whom it may concern. */
  private static boolean isNews(JsonArray event) {
    return Set.of("presence", "history-changed").contains(event.getString(0));
  }

  /** Completes when the server ends the connection. */
  public CompletableFuture<Void> closed() {
    return closed;
  }

  public static <T> T patiently(CompletableFuture<T> future) {
    return future.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
  }

  @Override
  public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
    partial.append(data);
    if (last) {
      String packet = partial.toString();
      partial.setLength(0);
      CompletableFuture.runAsync(() -> received(packet), Runnable::run);
    }
    webSocket.request(1);
    return null;
  }

  private void received(String packet) {
    if (packet.equals("2")) {
      CompletableFuture.runAsync(() -> send("3"));
    } else if (packet.startsWith("40") || packet.startsWith("44")) {
      connected.complete(packet);
    } else if (packet.startsWith("42")) {
      events.add(new JsonArray(packet.substring(2)));
    } else if (packet.startsWith("43")) {
      int array = packet.indexOf('[');
      int id = Integer.parseInt(packet.substring(2, array));
      acks.remove(id).complete(new JsonArray(packet.substring(array)).getJsonObject(0));
    } else if (packet.startsWith("41")) {
      closed.complete(null);
    }
  }

  @Override
  public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
    closed.complete(null);
    return null;
  }

  @Override
  public void onError(WebSocket webSocket, Throwable error) {
    closed.complete(null);
  }

  /** The connection breaks; nobody says goodbye. */
  public void breaks() {
    socket.abort();
  }

  @Override
  public void close() {
    socket.abort();
  }

  public static Map<String, Object> with(Object... namesAndValues) {
    var fields = new LinkedHashMap<String, Object>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      fields.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return fields;
  }
}
