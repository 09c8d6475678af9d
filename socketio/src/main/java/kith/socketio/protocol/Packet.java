package kith.socketio.protocol;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Socket.IO packet from a client. JSON is plain Java: Map, List, String, Long, Double, Boolean,
 * null; binary is byte[].
 *
 * @see <a href="https://github.com/socketio/socket.io-protocol#exchange-protocol">packet types</a>
 */
public sealed interface Packet {
  /** No acknowledgement asked for. */
  long NO_ACK = -1;

  String namespace();

  record Connect(String namespace, Map<String, @Nullable Object> auth) implements Packet {}

  record Disconnect(String namespace) implements Packet {}

  /**
   * EVENT or BINARY_EVENT; {@code ackId} is {@link #NO_ACK} or what the acknowledgement must carry.
   */
  record Event(String namespace, long ackId, String name, List<@Nullable Object> args)
      implements Packet {}

  /** ACK or BINARY_ACK. */
  record Ack(String namespace, long ackId, List<@Nullable Object> args) implements Packet {}
}
