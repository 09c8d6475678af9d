package kith.turn.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** The bytes of a connection, plain or decrypted. Nothing here blocks. */
interface ByteStream {

  /** Reads what is there: the number of bytes, 0 when there are none yet, -1 at the end. */
  int read(ByteBuffer into) throws IOException;

  /** Writes as much as the network takes now; the rest stays in {@code from}. */
  void write(ByteBuffer from) throws IOException;

  /** Whether bytes that {@link #write} took are still on their way out of this process. */
  boolean isHoldingBack();

  /** Sends on what was held back. */
  void flush() throws IOException;

  void close();

  /** TCP as it is. */
  record Plain(SocketChannel channel) implements ByteStream {
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
    public void close() {
      NioEngine.closeQuietly(channel);
    }
  }
}
