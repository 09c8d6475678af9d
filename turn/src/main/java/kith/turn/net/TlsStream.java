package kith.turn.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/**
 * TLS over TCP. The costly steps of a handshake run elsewhere, so that nobody's media waits for
 * them.
 */
final class TlsStream implements ByteStream {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final SocketChannel channel;
  private final SocketStream socket;
  private final SSLEngine engine;
  private final Executor elsewhere;
  private Runnable wake = () -> {};
  private final ByteBuffer received;
  private final ByteBuffer toSend;
  private volatile boolean thinking;

  /**
   * @param elsewhere where handshake steps run
   */
  TlsStream(SocketChannel channel, SSLEngine engine, Executor elsewhere) throws SSLException {
    this.channel = channel;
    this.socket = new SocketStream(channel);
    this.engine = engine;
    this.elsewhere = elsewhere;
    int packet = engine.getSession().getPacketBufferSize();
    this.received = ByteBuffer.allocate(packet);
    this.toSend = ByteBuffer.allocate(packet).limit(0);
    engine.beginHandshake();
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    if (thinking) {
      return 0;
    }
    int start = into.position();
    int count = channel.read(received);
    received.flip();
    try {
      while (!thinking && unwrap(into)) {
        // One record after the other.
      }
    } finally {
      received.compact();
    }
    boolean ended = count < 0 || engine.isInboundDone();
    return into.position() > start ? into.position() - start : ended ? -1 : 0;
  }

  /** One step; false when it needs more bytes, or must wait. */
  private boolean unwrap(ByteBuffer into) throws IOException {
    return switch (engine.getHandshakeStatus()) {
      case NEED_TASK -> {
        think();
        yield false;
      }
      case NEED_WRAP -> wrap(NOTHING);
      case FINISHED, NEED_UNWRAP, NEED_UNWRAP_AGAIN, NOT_HANDSHAKING -> {
        boolean established = engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING;
        SSLEngineResult result = engine.unwrap(received, into);
        if (established && isRenegotiation(result)) {
          throw new SSLException("clients may not renegotiate");
        }
        boolean more =
            result.bytesConsumed() > 0
                || result.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING;
        yield result.getStatus() == SSLEngineResult.Status.OK && more;
      }
    };
  }

  /**
   * Whether a client begins another handshake, which TLS 1.2 allows and nobody needs: it would cost
   * the server much and the client little. TLS 1.3 has none; what looks like one is a new key.
   */
  private boolean isRenegotiation(SSLEngineResult result) {
    return result.getStatus() == SSLEngineResult.Status.OK
        && result.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING
        && engine.getSession().getProtocol().equals("TLSv1.2");
  }

  private void think() {
    thinking = true;
    elsewhere.execute(
        () -> {
          for (Runnable task = engine.getDelegatedTask();
              task != null;
              task = engine.getDelegatedTask()) {
            task.run();
          }
          thinking = false;
          wake.run();
        });
  }

  @Override
  public void onWake(Runnable action) {
    wake = action;
  }

  @Override
  public void serve(Selector selector, NioEngine.Ready whom) throws IOException {
    socket.serve(selector, whom);
  }

  @Override
  public void watch(boolean bytes, boolean room) {
    socket.watch(bytes, room);
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
    return !thinking && engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING;
  }

  @Override
  public void write(ByteBuffer from) throws IOException {
    flush();
    while (from.hasRemaining() && !isHoldingBack()) {
      if (!wrap(from)) {
        return;
      }
    }
  }

  /** Encrypts one record and sends what it can of it; false when that cannot go on. */
  private boolean wrap(ByteBuffer from) throws IOException {
    if (isHoldingBack()) {
      return false;
    }
    toSend.clear();
    SSLEngineResult result = engine.wrap(from, toSend);
    toSend.flip();
    flush();
    return result.getStatus() == SSLEngineResult.Status.OK && result.bytesProduced() > 0;
  }

  @Override
  public boolean isHoldingBack() {
    return toSend.hasRemaining();
  }

  @Override
  public void flush() throws IOException {
    if (toSend.hasRemaining()) {
      channel.write(toSend);
    }
  }

  @Override
  public void close() {
    try {
      if (!thinking) {
        wrap(NOTHING); // an alert that tells why, when the handshake failed
        engine.closeOutbound();
        wrap(NOTHING);
      }
    } catch (IOException e) {
      // The farewell is a courtesy; the connection goes either way.
    } finally {
      socket.close();
    }
  }
}
