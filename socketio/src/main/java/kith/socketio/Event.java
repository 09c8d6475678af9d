package kith.socketio;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import kith.socketio.engine.Frame;
import kith.socketio.protocol.Packet;
import org.jspecify.annotations.Nullable;

/** An event from a client. */
public final class Event {
  private final Socket socket;
  private final Packet.Event packet;
  private final @Nullable AtomicBoolean acked;

  Event(Socket socket, Packet.Event packet) {
    this.socket = socket;
    this.packet = packet;
    this.acked = packet.ackId() == Packet.NO_ACK ? null : new AtomicBoolean();
  }

  public Socket socket() {
    return socket;
  }

  public String name() {
    return packet.name();
  }

  /**
   * The arguments after the name: Map, List, String, Long, Double, Boolean, null, and byte[] for
   * binary.
   */
  public List<@Nullable Object> args() {
    return packet.args();
  }

  /** The argument at an index, or null when there is none. */
  public @Nullable Object arg(int index) {
    return index < packet.args().size() ? packet.args().get(index) : null;
  }

  /** Whether the client waits for an acknowledgement. */
  public boolean wantsAck() {
    return acked != null;
  }

  /**
   * Acknowledges the event, from any thread. Does nothing when the client does not wait for it.
   *
   * @throws IllegalStateException when it was acknowledged before
   * @throws IllegalArgumentException when an argument cannot be sent
   */
  public void ack(@Nullable Object... args) {
    if (acked == null) {
      return;
    }
    List<Frame> message = socket.encodeAck(packet.ackId(), args);
    if (!acked.compareAndSet(false, true)) {
      throw new IllegalStateException("event " + name() + " was acknowledged before");
    }
    socket.send(message);
  }
}
