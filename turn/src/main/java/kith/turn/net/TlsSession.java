package kith.turn.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * TLS with one client, from its first byte on. The costly steps of a handshake run elsewhere, so
 * that nobody's media waits for them.
 */
final class TlsSession {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final SocketChannel channel;
  private final SSLEngine engine;
  private final Executor elsewhere;
  private final Runnable wake;
  private final ByteBuffer received;
  private final ByteBuffer toSend;
  private volatile boolean thinking;
  private volatile boolean closed;

  /**
   * @param first what was read of the channel already
   * @param elsewhere where handshake steps run
   * @param wake what to call, on any thread, when one is done
   */
  TlsSession(
      SocketChannel channel, SSLEngine engine, ByteBuffer first, Executor elsewhere, Runnable wake)
      throws SSLException {
    this.channel = channel;
    this.engine = engine;
    this.elsewhere = elsewhere;
    this.wake = wake;
    int packet = engine.getSession().getPacketBufferSize();
    this.received = ByteBuffer.allocate(packet).put(first);
    this.toSend = ByteBuffer.allocate(packet).limit(0);
    engine.beginHandshake();
  }

  /** As {@link ByteStream#read}. */
  int read(ByteBuffer into) throws IOException {
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
        if (result.getStatus() == Status.BUFFER_UNDERFLOW && isFull()) {
          // The engine would take twice that, from Windows of long ago.
          throw new SSLException("a record must not be longer than " + received.capacity());
        }
        boolean more =
            result.bytesConsumed() > 0
                || result.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING;
        yield result.getStatus() == Status.OK && more;
      }
    };
  }

  /** Whether what is received and not unwrapped, from the first byte to the last, has no end. */
  private boolean isFull() {
    return received.remaining() == received.capacity();
  }

  /**
   * Whether a client begins another handshake, which TLS 1.2 allows and nobody needs: it would cost
   * the server much and the client little. TLS 1.3 has none; what looks like one is a new key.
   */
  private boolean isRenegotiation(SSLEngineResult result) {
    return result.getStatus() == Status.OK
        && result.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING
        && engine.getSession().getProtocol().equals("TLSv1.2");
  }

  private void think() throws SSLException {
    thinking = true;
    try {
      elsewhere.execute(this::finishThinking);
    } catch (RejectedExecutionException e) {
      thinking = false;
      throw new SSLException("too many handshakes wait already", e);
    }
  }

  private void finishThinking() {
    for (Runnable task = nextTask(); task != null; task = nextTask()) {
      task.run();
    }
    thinking = false;
    wake.run();
  }

  /** Whose connection has ended meanwhile is thought about no more. */
  private @Nullable Runnable nextTask() {
    return closed ? null : engine.getDelegatedTask();
  }

  /** Whether bytes that come now would be read. */
  boolean reads() {
    return !thinking && received.hasRemaining();
  }

  boolean isEstablished() {
    return !thinking && engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING;
  }

  /** As {@link ByteStream#write}. */
  void write(ByteBuffer from) throws IOException {
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
    return result.getStatus() == Status.OK && result.bytesProduced() > 0;
  }

  boolean isHoldingBack() {
    return toSend.hasRemaining();
  }

  void flush() throws IOException {
    if (toSend.hasRemaining()) {
      channel.write(toSend);
    }
  }

  /** Says farewell; whoever has the channel closes it. */
  void close() throws IOException {
    closed = true;
    if (!thinking) {
      wrap(NOTHING); // an alert that tells why, when the handshake failed
      engine.closeOutbound();
      wrap(NOTHING);
    }
  }
}
