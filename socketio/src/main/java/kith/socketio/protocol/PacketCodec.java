package kith.socketio.protocol;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kith.socketio.engine.Frame;
import org.jspecify.annotations.Nullable;

/**
 * Makes decoders, and the frames of packets to clients: one text frame, then the attachments. Safe
 * for many threads.
 */
public final class PacketCodec {
  private static final int TYPICAL_HEADER = 8;

  private final PacketLimits limits;
  private final Json json;

  public PacketCodec(PacketLimits limits) {
    this.limits = limits;
    this.json = new Json(limits);
  }

  PacketLimits limits() {
    return limits;
  }

  Json json() {
    return json;
  }

  public PacketDecoder decoder() {
    return new PacketDecoder(this);
  }

  public List<Frame> connect(String namespace, Map<String, ?> payload) {
    return encode('0', '0', namespace, Packet.NO_ACK, payload);
  }

  public List<Frame> connectError(String namespace, String message, @Nullable Object data) {
    return encode(
        '4',
        '4',
        namespace,
        Packet.NO_ACK,
        data == null ? Map.of("message", message) : orderedError(message, data));
  }

  private static Map<String, Object> orderedError(String message, Object data) {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("message", message);
    error.put("data", data);
    return error;
  }

  public List<Frame> disconnect(String namespace) {
    Bytes out = header('1', 0, namespace, Packet.NO_ACK);
    return List.of(Frame.text(out.toByteArray()));
  }

  /**
   * An EVENT, or a BINARY_EVENT when a value is binary.
   *
   * @throws IllegalArgumentException when a value cannot be sent
   */
  public List<Frame> event(String namespace, long ackId, String name, @Nullable Object... args) {
    List<@Nullable Object> values = new ArrayList<>(args.length + 1);
    values.add(name);
    values.addAll(Arrays.asList(args));
    return encode('2', '5', namespace, ackId, values);
  }

  /**
   * An ACK, or a BINARY_ACK when a value is binary.
   *
   * @throws IllegalArgumentException when a value cannot be sent
   */
  public List<Frame> ack(String namespace, long ackId, @Nullable Object... args) {
    return encode('3', '6', namespace, ackId, Arrays.asList(args));
  }

  private List<Frame> encode(
      char type, char binaryType, String namespace, long ackId, Object payload) {
    List<byte[]> attachments = new ArrayList<>(0);
    Bytes out = header(type, 0, namespace, ackId);
    int headerSize = out.size();
    json.write(payload, out, attachments);
    if (attachments.isEmpty()) {
      return List.of(Frame.text(out.toByteArray()));
    }
    // What stands before the JSON depends on what was found in it.
    byte[] written = out.toByteArray();
    Bytes whole = header(binaryType, attachments.size(), namespace, ackId);
    whole.write(written, headerSize, written.length - headerSize);
    List<Frame> frames = new ArrayList<>(attachments.size() + 1);
    frames.add(Frame.text(whole.toByteArray()));
    attachments.forEach(data -> frames.add(Frame.binary(data)));
    return frames;
  }

  private static Bytes header(char type, int attachments, String namespace, long ackId) {
    Bytes out = new Bytes(TYPICAL_HEADER);
    out.write('4'); // Engine.IO message
    out.write(type);
    if (attachments > 0) {
      out.ascii(attachments);
      out.write('-');
    }
    if (!namespace.equals("/")) {
      out.text(namespace);
      out.write(',');
    }
    if (ackId != Packet.NO_ACK) {
      out.ascii(ackId);
    }
    return out;
  }
}
