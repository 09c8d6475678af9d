package kith.socketio.session;

import java.util.Map;
import kith.socketio.protocol.Packet;
import org.jspecify.annotations.Nullable;

/** What a client does, as far as it may. */
public interface SessionListener {
  /**
   * It asks for a namespace: to be answered by {@link ClientSession#accept} or {@link
   * ClientSession#refuse}.
   */
  void connectRequested(int attempt, String namespace, Map<String, @Nullable Object> auth);

  /** An event for a namespace it is in. */
  void event(Packet.Event event);

  /** An acknowledgement for a namespace it is in. */
  void acknowledged(Packet.Ack ack);

  /** It left a namespace it was in. */
  void left(String namespace);

  /** It did what the protocol does not allow, and is to be closed. */
  void violated(String what);

  /** It was in no namespace for too long, and is to be closed. */
  void idled();
}
