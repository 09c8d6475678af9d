package kith.turn.net;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes the connections that come to one listening socket. When none can be taken, because the
 * process has no file descriptor left, say, the socket stays ready: it is left alone for a second,
 * or the loop would do nothing else.
 */
final class Acceptor implements NioEngine.Ready {
  static final long REST = 1_000;
  private static final int AT_ONCE = 64;

  private final Source source;
  private final Consumer<SocketChannel> taker;
  private final Consumer<Acceptor> tired;
  private @Nullable SelectionKey resting;
  private boolean complained;

  /** Where they come from. */
  interface Source {
    /** The next one, null when there is none. */
    @Nullable SocketChannel accept() throws IOException;
  }

  /**
   * @param taker what becomes of a connection
   * @param tired told when it begins to rest, to wake it with {@link #resume}
   */
  Acceptor(Source source, Consumer<SocketChannel> taker, Consumer<Acceptor> tired) {
    this.source = source;
    this.taker = taker;
    this.tired = tired;
  }

  @Override
  public void ready(SelectionKey key) {
    try {
      for (int i = 0; i < AT_ONCE; i++) {
        SocketChannel channel = source.accept();
        if (channel == null) {
          return;
        }
        complained = false;
        taker.accept(channel);
      }
    } catch (ClosedChannelException e) {
      // What was taken last had the socket closed.
    } catch (IOException e) {
      rest(key, e);
    }
  }

  private void rest(SelectionKey key, IOException why) {
    if (!complained) {
      complained = true;
      System.getLogger("kith.turn")
          .log(Level.WARNING, "connections cannot be accepted for now: " + why.getMessage());
    }
    key.interestOps(0);
    resting = key;
    tired.accept(this);
  }

  /** Its rest is over. */
  void resume() {
    SelectionKey key = resting;
    resting = null;
    if (key != null && key.isValid()) {
      key.interestOps(SelectionKey.OP_ACCEPT);
    }
  }
}
