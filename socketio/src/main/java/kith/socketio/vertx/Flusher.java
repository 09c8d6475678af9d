package kith.socketio.vertx;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.ArrayList;
import java.util.List;

/**
 * Flushes what was written in one turn of an event loop at its end: all frames for a client leave
 * in one system call.
 */
final class Flusher implements Runnable {
  /** So that a long turn does not hold back what was written at its start. */
  private static final int AT_MOST = 512;

  private static final FastThreadLocal<Flusher> OF_THIS_LOOP =
      new FastThreadLocal<>() {
        @Override
        protected Flusher initialValue() {
          return new Flusher();
        }
      };

  private final List<VertxLink> due = new ArrayList<>();

  /** On the link's event loop. */
  static void soon(VertxLink link, ChannelHandlerContext context) {
    OF_THIS_LOOP.get().add(link, (EventLoop) context.executor());
  }

  private void add(VertxLink link, EventLoop loop) {
    due.add(link);
    if (due.size() >= AT_MOST) {
      flushAll();
    } else if (due.size() == 1) {
      loop.execute(this);
    }
  }

  @Override
  public void run() {
    flushAll();
  }

  private void flushAll() {
    for (int i = 0; i < due.size(); i++) {
      due.get(i).flush();
    }
    due.clear();
  }
}
