package kith.signaling;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The connection of a device: as much of a socket as signaling needs. */
interface Line {
  /** From any thread; what one thread sends arrives in that order. */
  void emit(String event, Map<String, @Nullable Object> payload);

  void close();

  /** How an event is answered. */
  interface Ack {
    /** Whether the client asked for an answer. */
    boolean isWanted();

    void send(Map<String, @Nullable Object> answer);
  }
}
