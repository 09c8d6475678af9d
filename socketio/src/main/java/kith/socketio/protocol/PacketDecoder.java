package kith.socketio.protocol;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Packets of one client, from its messages.
 *
 * <p>{@code <type>[<attachments>-][<namespace>,][<ack id>][JSON]}
 *
 * @see <a href="https://github.com/socketio/socket.io-protocol#packet-encoding">packet encoding</a>
 */
public final class PacketDecoder {
  private static final byte CONNECT = '0';
  private static final byte DISCONNECT = '1';
  private static final byte EVENT = '2';
  private static final byte ACK = '3';
  private static final byte BINARY_EVENT = '5';
  private static final byte BINARY_ACK = '6';

  /** Enough for every integer that JavaScript can hold exactly. */
  private static final int MAX_ID_DIGITS = 16;

  /** Names that mean something to the libraries themselves. */
  private static final Set<String> RESERVED =
      Set.of(
          "connect",
          "connect_error",
          "disconnect",
          "disconnecting",
          "newListener",
          "removeListener");

  private final PacketCodec codec;
  private @Nullable Header pending;
  private @Nullable List<byte[]> attachments;
  private long pendingBytes;

  PacketDecoder(PacketCodec codec) {
    this.codec = codec;
  }

  /** A packet whose attachments are still to come. */
  private record Header(
      byte type, int attachments, String namespace, long id, byte[] utf8, int from, int to) {}

  /** Whether a packet waits for its attachments. */
  public boolean isWaiting() {
    return pending != null;
  }

  /** A text message; null when the packet waits for its attachments. */
  public @Nullable Packet text(byte[] utf8, int from, int to) throws MalformedPacket {
    if (pending != null) {
      throw new MalformedPacket("text where an attachment was due");
    }
    Header header = new HeaderReader(utf8, from, to, codec.limits()).read();
    if (header.type == CONNECT && to - from > codec.limits().maxConnectBytes()) {
      throw new MalformedPacket("CONNECT too large");
    }
    if (header.attachments == 0) {
      return packet(header, List.of());
    }
    pending = header;
    attachments = new ArrayList<>(Math.min(header.attachments, 4));
    pendingBytes = to - from;
    return null;
  }

  /** A binary message; null when more are to come. */
  public @Nullable Packet binary(byte[] data) throws MalformedPacket {
    Header header = pending;
    List<byte[]> parts = attachments;
    if (header == null || parts == null) {
      throw new MalformedPacket("an attachment without its packet");
    }
    parts.add(data);
    pendingBytes += data.length;
    if (pendingBytes > codec.limits().maxEventBytes()) {
      throw new MalformedPacket("attachments too large");
    }
    if (parts.size() < header.attachments) {
      return null;
    }
    pending = null;
    attachments = null;
    return packet(header, parts);
  }

  private Packet packet(Header header, List<byte[]> parts) throws MalformedPacket {
    Object payload =
        header.from == header.to
            ? null
            : codec.json().read(header.utf8, header.from, header.to, parts);
    boolean given = header.from < header.to;
    return switch (header.type) {
      case CONNECT -> new Packet.Connect(header.namespace, given ? auth(payload) : Map.of());
      case DISCONNECT -> {
        if (given) {
          throw new MalformedPacket("DISCONNECT with a payload");
        }
        yield new Packet.Disconnect(header.namespace);
      }
      case EVENT, BINARY_EVENT -> event(header, payload);
      case ACK, BINARY_ACK -> ack(header, payload);
      default -> throw new MalformedPacket("unknown packet type");
    };
  }

  @SuppressWarnings("unchecked") // the JSON reader makes no other maps
  private static Map<String, @Nullable Object> auth(@Nullable Object payload)
      throws MalformedPacket {
    if (payload instanceof Map<?, ?> map) {
      return (Map<String, @Nullable Object>) map;
    }
    throw new MalformedPacket("CONNECT without an object");
  }

  private static Packet event(Header header, @Nullable Object payload) throws MalformedPacket {
    List<@Nullable Object> values = list(payload);
    if (values.isEmpty()) {
      throw new MalformedPacket("EVENT without a name");
    }
    String name =
        switch (values.getFirst()) {
          case String s when !RESERVED.contains(s) -> s;
          case Number n -> n.toString();
          case null, default -> throw new MalformedPacket("EVENT without a name");
        };
    return new Packet.Event(header.namespace, header.id, name, values.subList(1, values.size()));
  }

  private static Packet ack(Header header, @Nullable Object payload) throws MalformedPacket {
    if (header.id == Packet.NO_ACK) {
      throw new MalformedPacket("ACK without an id");
    }
    return new Packet.Ack(header.namespace, header.id, list(payload));
  }

  @SuppressWarnings("unchecked") // the JSON reader makes no other lists
  private static List<@Nullable Object> list(@Nullable Object payload) throws MalformedPacket {
    if (payload instanceof List<?> list) {
      return (List<@Nullable Object>) list;
    }
    throw new MalformedPacket("payload is no array");
  }

  /** Reads what stands before the JSON. */
  private static final class HeaderReader {
    private final byte[] utf8;
    private final int to;
    private final PacketLimits limits;
    private int at;

    HeaderReader(byte[] utf8, int from, int to, PacketLimits limits) {
      this.utf8 = utf8;
      this.at = from;
      this.to = to;
      this.limits = limits;
    }

    Header read() throws MalformedPacket {
      if (at == to) {
        throw new MalformedPacket("empty packet");
      }
      byte type = utf8[at++];
      int attachments = type == BINARY_EVENT || type == BINARY_ACK ? attachments() : 0;
      String namespace = namespace();
      long id = number();
      return new Header(type, attachments, namespace, id, utf8, at, to);
    }

    private int attachments() throws MalformedPacket {
      long count = number();
      if (count < 0 || count > limits.maxAttachments() || at == to || utf8[at++] != '-') {
        throw new MalformedPacket("bad number of attachments");
      }
      return (int) count;
    }

    private String namespace() throws MalformedPacket {
      if (at == to || utf8[at] != '/') {
        return "/";
      }
      int start = at;
      while (at < to && utf8[at] != ',') {
        at++;
      }
      if (at - start > limits.maxNamespaceLength()) {
        throw new MalformedPacket("namespace too long");
      }
      String namespace = new String(utf8, start, at - start, StandardCharsets.UTF_8);
      at = Math.min(at + 1, to);
      return namespace;
    }

    /** The digits here, or {@link Packet#NO_ACK} when there are none. */
    private long number() throws MalformedPacket {
      int start = at;
      long number = 0;
      while (at < to && utf8[at] >= '0' && utf8[at] <= '9') {
        if (at - start == MAX_ID_DIGITS) {
          throw new MalformedPacket("number too long");
        }
        number = number * 10 + (utf8[at++] - '0');
      }
      return at == start ? Packet.NO_ACK : number;
    }
  }
}
