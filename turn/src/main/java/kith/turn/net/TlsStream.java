package kith.turn.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** TLS over TCP. Who connects and says nothing costs no more than without TLS. */
final class TlsStream implements ByteStream {
  private final SocketChannel channel;
  private final SocketStream socket;
  private final Supplier<SSLEngine> engines;
  private final Handshakes handshakes;
  private Runnable wake = () -> {};
  // Begins with the client's first byte.
  private @Nullable TlsSession session;
  private boolean shakesHands;

  TlsStream(SocketChannel channel, Supplier<SSLEngine> engines, Handshakes handshakes) {
    this.channel = channel;
    this.socket = new SocketStream(channel);
    this.engines = engines;
    this.handshakes = handshakes;
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    int count = session == null ? begin(into) : session.read(into);
    if (isEstablished()) {
      endHandshake();
    }
    return count;
  }

  private int begin(ByteBuffer into) throws IOException {
    ByteBuffer first = ByteBuffer.allocate(1);
    int count = channel.read(first);
    if (count <= 0) {
      return count;
    }
    if (!handshakes.begin()) {
      throw new SSLException("too many handshakes are under way");
    }
    shakesHands = true;
    session = new TlsSession(channel, engines.get(), first.flip(), handshakes, wake);
    return session.read(into);
  }

  private void endHandshake() {
    if (shakesHands) {
      shakesHands = false;
      handshakes.end();
    }
  }

  @Override
  public void onWake(Runnable action) {
    wake = action;
  }

  @Override
  public void serve(Selector selector, NioEngine.Ready whom) throws IOException {
    socket.serve(selector, whom);
  }

  /** Bytes that would not be read now are not told of: nothing else would be done by the loop. */
  @Override
  public void watch(boolean bytes, boolean room) {
    socket.watch(bytes && (session == null || session.reads()), room);
  }

  @Override
  public void leave() {
    socket.leave();
  }

  /**
   * Some clients, coturn's own among them, overlook a second frame of a record until more comes.
   */
  @Override
  public boolean mayGather() {
    return false;
  }

  @Override
  public boolean isEstablished() {
    return session != null && session.isEstablished();
  }

  @Override
  public void write(ByteBuffer from) throws IOException {
    if (session != null) {
      session.write(from);
    }
  }

  @Override
  public boolean isHoldingBack() {
    return session != null && session.isHoldingBack();
  }

  @Override
  public void flush() throws IOException {
    if (session != null) {
      session.flush();
    }
  }

  @Override
  public void close() {
    endHandshake();
    try {
      if (session != null) {
        session.close();
      }
    } catch (IOException e) {
      // The farewell is a courtesy; the connection goes either way.
    } finally {
      socket.close();
    }
  }
}
