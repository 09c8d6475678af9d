package kith.bench.signaling;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One Socket.IO client over a raw WebSocket: Engine.IO 4, Socket.IO 5, namespace {@code /}, never
 * polling. It allocates nothing per message. Not thread-safe; all clients of a {@link Load} share
 * its buffers.
 */
final class Client {
  private enum State {
    UPGRADING,
    OPENING,
    CONNECTING,
    CONNECTED
  }

  /** Messages that may be on their way from one socket. */
  private static final int MAX_IN_FLIGHT = 256;

  /** Bytes in the longest frame that any server here has reason to send. */
  private static final int MAX_FRAME = 8_192;

  private static final byte[] NOTHING = {};
  private static final byte[] OK = "[{\"ok\":true}]".getBytes(US_ASCII);

  final int number;
  private final Load load;
  private final SocketChannel channel;
  private @Nullable Client partner;
  private State state = State.UPGRADING;

  /** The beginning of a frame whose end has not come yet. */
  private byte[] rest = NOTHING;

  private long sent;
  private long acknowledged;

  /** Of what this one sent, as its partner got it. */
  private long delivered;

  /** When each message in flight was to be sent, nanoseconds; by its number. */
  private long[] intended = {};

  Client(int number, Load load, SocketChannel channel) {
    this.number = number;
    this.load = load;
    this.channel = channel;
  }

  /**
   * @param from the address to connect from, null for the one the system takes
   */
  static Client connect(
      int number, Load load, InetSocketAddress server, @Nullable InetSocketAddress from) {
    try {
      SocketChannel channel = SocketChannel.open();
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      if (from != null) {
        channel.bind(from);
      }
      channel.connect(server);
      channel.configureBlocking(false);
      Client client = new Client(number, load, channel);
      client.requestUpgrade(server);
      return client;
    } catch (IOException failed) {
      throw new BenchFailure("socket " + number + " cannot connect", failed);
    }
  }

  void pairWith(Client other) {
    partner = other;
    other.partner = this;
  }

  SocketChannel channel() {
    return channel;
  }

  boolean isIdle() {
    return acknowledged == sent && delivered == sent;
  }

  /** Messages that were sent and are not acknowledged or not delivered. */
  long missing() {
    return sent - Math.min(acknowledged, delivered);
  }

  /** When the oldest message that is missing was to be sent; {@code now} when none is. */
  long waitingSince(long now) {
    return isIdle() ? now : intended[(int) (Math.min(acknowledged, delivered) % MAX_IN_FLIGHT)];
  }

  private void requestUpgrade(InetSocketAddress server) throws IOException {
    String request =
        "GET /socket.io/?EIO=4&transport=websocket&pair="
            + number / 2
            + " HTTP/1.1\r\nHost: 127.0.0.1:"
            + server.getPort()
            + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13"
            + "\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    write(ByteBuffer.wrap(request.getBytes(US_ASCII)));
  }

  // ---- sending

  /**
   * Sends the next message to the partner.
   *
   * @param intendedAt when it was to be sent, nanoseconds: its latency counts from there
   */
  void sendMessage(long intendedAt) throws IOException {
    if (missing() >= MAX_IN_FLIGHT) {
      throw new BenchFailure("the server does not keep up: " + MAX_IN_FLIGHT + " unanswered");
    }
    if (intended.length == 0) {
      intended = new long[MAX_IN_FLIGHT];
    }
    intended[(int) (sent % MAX_IN_FLIGHT)] = intendedAt;
    int end = load.message.write(number, sent, sent, load.frame, Frames.HEADER_BYTES);
    sent++;
    send(Frames.TEXT, end);
  }

  private void sendText(String text) throws IOException {
    byte[] bytes = text.getBytes(US_ASCII);
    System.arraycopy(bytes, 0, load.frame, Frames.HEADER_BYTES, bytes.length);
    send(Frames.TEXT, Frames.HEADER_BYTES + bytes.length);
  }

  private void send(int opcode, int end) throws IOException {
    int start = Frames.seal(opcode, load.nextMask(), load.frame, end);
    ByteBuffer out = load.output.clear();
    out.put(load.frame, start, end - start).flip();
    write(out);
  }

  private void write(ByteBuffer bytes) throws IOException {
    channel.write(bytes);
    if (bytes.hasRemaining()) {
      throw new BenchFailure("the server does not read: socket " + number + " is full");
    }
  }

  // ---- receiving

  /** Reads what has come and acts on it. */
  void read() throws IOException {
    ByteBuffer in = load.input.clear();
    in.put(rest);
    if (channel.read(in) < 0) {
      throw broken("the server closed it");
    }
    int end = in.flip().remaining();
    in.get(load.bytes, 0, end);
    int at = state == State.UPGRADING ? readUpgrade(load.bytes, end) : 0;
    if (state != State.UPGRADING) {
      at = readFrames(load.bytes, at, end);
    }
    rest = at == end ? NOTHING : Arrays.copyOfRange(load.bytes, at, end);
  }

  private int readUpgrade(byte[] bytes, int end) {
    String response = new String(bytes, 0, end, US_ASCII);
    int blankLine = response.indexOf("\r\n\r\n");
    if (blankLine < 0) {
      return 0;
    }
    if (!response.startsWith("HTTP/1.1 101 ")) {
      throw broken("no upgrade: " + response.lines().findFirst().orElse(""));
    }
    state = State.OPENING;
    return blankLine + 4;
  }

  /** Acts on the whole frames among the bytes; returns where the first incomplete one begins. */
  private int readFrames(byte[] bytes, int from, int end) throws IOException {
    int at = from;
    while (at + 2 <= end) {
      int header = 2;
      int length = bytes[at + 1];
      if (length == 126) {
        header = 4;
        if (at + header > end) {
          return at;
        }
        length = (bytes[at + 2] & 0xFF) << 8 | bytes[at + 3] & 0xFF;
      }
      if (length < 0 || length == 127 || length > MAX_FRAME) {
        throw broken("a frame that is masked, or longer than any it should get");
      }
      if (at + header + length > end) {
        return at;
      }
      frame(bytes[at] & 0xFF, bytes, at + header, at + header + length);
      at += header + length;
    }
    return at;
  }

  private void frame(int finAndOpcode, byte[] bytes, int from, int to) throws IOException {
    switch (finAndOpcode) {
      case Frames.FIN | Frames.TEXT -> packet(bytes, from, to);
      case Frames.FIN | Frames.PING -> {
        System.arraycopy(bytes, from, load.frame, Frames.HEADER_BYTES, to - from);
        send(Frames.PONG, Frames.HEADER_BYTES + to - from);
      }
      case Frames.FIN | Frames.CLOSE -> throw broken("the server sent a close frame");
      default -> throw broken("an unexpected frame, first byte " + finAndOpcode);
    }
  }

  private void packet(byte[] bytes, int from, int to) throws IOException {
    byte type = bytes[from];
    if (type == '4' && to - from > 2 && state == State.CONNECTED) {
      switch (bytes[from + 1]) {
        case '2' -> message(bytes, from, to);
        case '3' -> ack(bytes, from + 2, to);
        default -> throw broken("an unexpected packet: " + text(bytes, from, to));
      }
    } else if (type == '2' && to - from == 1) {
      sendText("3");
    } else if (type == '0' && state == State.OPENING) {
      state = State.CONNECTING;
      sendText("40");
    } else if (state == State.CONNECTING && text(bytes, from, to).startsWith("40{")) {
      state = State.CONNECTED;
      load.connected();
    } else {
      throw broken("an unexpected packet: " + text(bytes, from, to));
    }
  }

  private void message(byte[] bytes, int from, int to) {
    Client sender = partner;
    if (sender == null || !load.message.is(sender.number, sender.delivered, bytes, from, to)) {
      throw broken(
          "expected message "
              + (sender == null ? "of nobody" : sender.delivered + " of socket " + sender.number)
              + ", got "
              + text(bytes, from, to));
    }
    long intendedAt = sender.intended[(int) (sender.delivered % MAX_IN_FLIGHT)];
    sender.delivered++;
    load.delivered(intendedAt);
    if (sender.delivered <= sender.acknowledged) {
      load.completed(sender);
    }
  }

  /** An acknowledgement is {@code [{"ok":true}]}, and comes in the order of the messages. */
  private void ack(byte[] bytes, int from, int to) {
    long id = 0;
    int at = from;
    while (at < to && bytes[at] != '[') {
      id = id * 10 + bytes[at++] - '0';
    }
    if (id != acknowledged || id >= sent || !Arrays.equals(bytes, at, to, OK, 0, OK.length)) {
      throw broken("expected ack " + acknowledged + ", got " + text(bytes, from, to));
    }
    acknowledged++;
    if (acknowledged <= delivered) {
      load.completed(this);
    }
  }

  private static String text(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, US_ASCII);
  }

  private BenchFailure broken(String how) {
    return new BenchFailure("socket " + number + " (" + state + "): " + how);
  }
}
