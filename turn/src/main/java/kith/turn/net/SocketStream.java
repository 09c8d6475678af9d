package kith.turn.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** TCP as it is. */
final class SocketStream implements ByteStream {
  private final SocketChannel channel;
  private @Nullable SelectionKey key;

  SocketStream(SocketChannel channel) {
    this.channel = channel;
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    return channel.read(into);
  }

  @Override
  public void write(ByteBuffer from) throws IOException {
    channel.write(from);
  }

  @Override
  public boolean isHoldingBack() {
    return false;
  }

  @Override
  public void flush() {}

  @Override
  public void serve(Selector selector, NioEngine.Ready whom) throws IOException {
    key = channel.register(selector, SelectionKey.OP_READ, whom);
  }

  @Override
  public void onWake(Runnable action) {}

  @Override
  public void watch(boolean bytes, boolean room) {
    SelectionKey mine = key;
    int wanted = (bytes ? SelectionKey.OP_READ : 0) | (room ? SelectionKey.OP_WRITE : 0);
    if (mine != null && mine.isValid() && mine.interestOps() != wanted) {
      mine.interestOps(wanted);
    }
  }

  @Override
  public void leave() {
    if (key != null) {
      key.cancel();
      key = null;
    }
  }

  @Override
  public boolean isEstablished() {
    return true;
  }

  @Override
  public boolean mayGather() {
    return true;
  }

  @Override
  public void close() {
    NioEngine.closeQuietly(channel);
  }
}
