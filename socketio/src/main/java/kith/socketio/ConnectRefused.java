package kith.socketio;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A middleware's way to refuse a client: it gets CONNECT_ERROR {@code {message, data}}. */
public final class ConnectRefused extends RuntimeException {
  private final String text;
  private final @Nullable Map<String, ?> data;

  public ConnectRefused(String message) {
    this(message, null);
  }

  /** {@code data} is what the client finds in {@code error.data}. */
  public ConnectRefused(String message, @Nullable Map<String, ?> data) {
    super(message, null, false, false);
    this.text = message;
    this.data = data;
  }

  /** What the client finds in {@code error.message}. */
  public String text() {
    return text;
  }

  public @Nullable Map<String, ?> data() {
    return data;
  }
}
