package kith.turn.net;

import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A connected stream that something else accepted, and perhaps decrypted: TURN over TLS on the port
 * of a web server, say. Its {@link Carrier} tells it what comes; any thread may, one at a time.
 */
public final class AdoptedStream {
  private final Carrier carrier;
  private final Queue<ByteBuffer> received = new ConcurrentLinkedQueue<>();
  private volatile Runnable wake = () -> {};
  private volatile boolean ended;

  AdoptedStream(Carrier carrier) {
    this.carrier = carrier;
  }

  /** Bytes came, which are copied: the first ones, or those that {@link Carrier#more} asked for. */
  public void received(ByteBuffer bytes) {
    received.add(ByteBuffer.allocate(bytes.remaining()).put(bytes).flip());
    wake.run();
  }

  /** The carrier would {@link Carrier#send} again. */
  public void roomAgain() {
    wake.run();
  }

  /** No more bytes will come. */
  public void ended() {
    ended = true;
    wake.run();
  }

  ByteStream bytes() {
    return new Bytes();
  }

  /** The loop's end. */
  private final class Bytes implements ByteStream {
    private boolean asked;

    @Override
    public int read(ByteBuffer into) {
      boolean last = ended;
      int start = into.position();
      for (ByteBuffer first = received.peek();
          first != null && into.hasRemaining();
          first = received.peek()) {
        int count = Math.min(first.remaining(), into.remaining());
        into.put(into.position(), first, first.position(), count);
        into.position(into.position() + count);
        first.position(first.position() + count);
        if (!first.hasRemaining()) {
          received.remove();
          asked = false;
        }
      }
      return into.position() > start ? into.position() - start : last ? -1 : 0;
    }

    @Override
    public void write(ByteBuffer from) {
      if (from.hasRemaining() && carrier.send(from)) {
        from.position(from.limit());
      }
    }

    @Override
    public boolean isHoldingBack() {
      return false;
    }

    @Override
    public void flush() {}

    @Override
    public void onWake(Runnable action) {
      wake = action;
    }

    @Override
    public void serve(Selector selector, NioEngine.Ready whom) {}

    @Override
    public void watch(boolean bytes, boolean room) {
      if (bytes && !received.isEmpty()) {
        wake.run();
      } else if (bytes && !asked && !ended) {
        asked = true;
        carrier.more();
      }
    }

    @Override
    public void leave() {}

    @Override
    public boolean isEstablished() {
      return true;
    }

    /** It may be TLS that the carrier speaks: see {@link TlsStream#mayGather}. */
    @Override
    public boolean mayGather() {
      return false;
    }

    @Override
    public void close() {
      carrier.close();
    }
  }
}
