package kith.socketio.vertx;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.HexFormat;

/** A client that speaks WebSocket byte by byte. Its masks are zero: what it sends can be read. */
final class RawWebSocket implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 20_000;
  private static final int RECEIVE_BUFFER = 4_096;

  private final Socket socket = new Socket();
  private final DataInputStream in;

  private RawWebSocket(int port) throws IOException {
    socket.setReceiveBufferSize(RECEIVE_BUFFER);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
    in = new DataInputStream(socket.getInputStream());
  }

  /** Opens a session and says nothing in it. */
  static RawWebSocket opens(int port) throws IOException {
    RawWebSocket client = new RawWebSocket(port);
    String request =
        """
        GET /socket.io/?EIO=4&transport=websocket HTTP/1.1
        Host: kith
        Connection: Upgrade
        Upgrade: websocket
        Sec-WebSocket-Version: 13
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==

        """;
    client.socket.getOutputStream().write(request.replace("\n", "\r\n").getBytes(US_ASCII));
    StringBuilder response = new StringBuilder();
    while (response.indexOf("\r\n\r\n") < 0) {
      response.append((char) client.in.readByte());
    }
    assertTrue(response.toString().startsWith("HTTP/1.1 101 "), response.toString());
    assertTrue(client.hears().startsWith("0{"));
    return client;
  }

  /** Opens a session and is let into the main namespace. */
  static RawWebSocket connects(int port) throws IOException {
    RawWebSocket client = opens(port);
    client.says("40");
    assertTrue(client.hears().startsWith("40{"));
    return client;
  }

  void sends(String hex) throws IOException {
    socket.getOutputStream().write(HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  void says(String text) throws IOException {
    sends(frame(0x81, text));
  }

  /** In hex; of at most 125 bytes. */
  static String frame(int first, String text) {
    return "%02x%02x00000000".formatted(first, 0x80 | text.length())
        + HexFormat.of().formatHex(text.getBytes(US_ASCII));
  }

  /** The next frame's first byte in hex, and its payload, in hex for a control frame. */
  String hearsFrame() throws IOException {
    int first = in.readUnsignedByte();
    int length = in.readUnsignedByte();
    byte[] payload = new byte[length == 126 ? in.readUnsignedShort() : length];
    in.readFully(payload);
    String content =
        (first & 0x8) == 0 ? new String(payload, US_ASCII) : HexFormat.of().formatHex(payload);
    return "%02x ".formatted(first) + content;
  }

  String hears() throws IOException {
    String frame = hearsFrame();
    assertTrue(frame.startsWith("81 "), frame);
    return frame.substring(3);
  }

  void hearsTheEnd() throws IOException {
    assertEquals(-1, in.read());
  }

  /** Bytes that have come and are not read. */
  int unread() throws IOException {
    return in.available();
  }

  /** Goes without a word. */
  @Override
  public void close() throws IOException {
    socket.close();
  }
}
