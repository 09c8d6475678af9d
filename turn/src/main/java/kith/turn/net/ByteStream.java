package kith.turn.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;

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

  /**
   * Begins to tell {@code whom} when there is something to do: at first, bytes to read.
   *
   * @param selector of the loop that has the stream from now on
   */
  void serve(Selector selector, NioEngine.Ready whom) throws IOException;

  /**
   * What to call, on any thread, when there is something to do that no selector tells of. Said
   * before {@link #serve}.
   */
  void onWake(Runnable action);

  /** Says what to be told of from now on: bytes to read, room to write. */
  void watch(boolean bytes, boolean room);

  /** Leaves its loop; another may {@link #serve} it. */
  void leave();

  /** Whether messages of its client may be expected: no handshake is under way. */
  boolean isEstablished();

  /** Whether frames that are written together may arrive together. */
  boolean mayGather();

  void close();
}
