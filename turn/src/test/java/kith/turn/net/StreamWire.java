package kith.turn.net;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import javax.net.SocketFactory;
import kith.turn.stun.TransportAddress;
import kith.turn.world.Client;
import kith.turn.world.Wire;

/** A client's real TCP or TLS socket. */
final class StreamWire implements Wire {
  private final Socket socket;
  private final DataInputStream in;

  private StreamWire(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(socket.getInputStream());
  }

  static StreamWire open(SocketFactory sockets, InetAddress server, int port) {
    try {
      return over(sockets.createSocket(server, port));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static StreamWire over(Socket socket) throws IOException {
    socket.setSoTimeout(Patience.MILLIS);
    socket.setTcpNoDelay(true);
    return new StreamWire(socket);
  }

  static Client client(String user, SocketFactory sockets, InetAddress server, int port) {
    StreamWire wire = open(sockets, server, port);
    return new Client(user, TransportAddress.of(server, wire.socket.getLocalPort()), wire);
  }

  static Client client(String user, InetAddress server, int port) {
    return client(user, SocketFactory.getDefault(), server, port);
  }

  @Override
  public void send(byte[] bytes) {
    try {
      socket.getOutputStream().write(padded(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** ChannelData is padded on a stream; STUN is anyway. */
  private static byte[] padded(byte[] bytes) {
    return java.util.Arrays.copyOf(bytes, (bytes.length + 3) & ~3);
  }

  void sendUnpadded(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  @Override
  public boolean await(Client client) {
    try {
      byte[] start = in.readNBytes(4);
      if (start.length < 4) {
        return false;
      }
      int length = ByteBuffer.wrap(start).getShort(2) & 0xFFFF;
      int rest = (start[0] & 0xC0) == 0x40 ? (length + 3) & ~3 : 16 + length;
      byte[] whole = ByteBuffer.allocate(4 + rest).put(start).put(in.readNBytes(rest)).array();
      client.received(whole);
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Client client(String user) {
    return new Client(
        user, TransportAddress.of(socket.getInetAddress(), socket.getLocalPort()), this);
  }

  /** The next bytes as they are, fewer when the stream ends. */
  byte[] reads(int count) throws IOException {
    return in.readNBytes(count);
  }

  /** Whether the server hangs up within our patience. */
  boolean isHungUp() throws IOException {
    try {
      while (in.read() >= 0) {
        // A farewell, such as a TLS alert, may come first.
      }
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (EOFException | SocketException e) {
      return true;
    }
  }

  /** Whether the server hangs up within our patience though a byte comes every now and then. */
  boolean isHungUpOnWhileItDribbles() {
    Patience.until(
        () -> {
          try {
            socket.getOutputStream().write(0);
            return false;
          } catch (IOException hungUp) {
            return true;
          }
        });
    return true;
  }

  @Override
  public void disconnect() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
