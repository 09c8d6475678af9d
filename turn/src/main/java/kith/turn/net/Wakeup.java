package kith.turn.net;

import java.io.IOException;

/** An eventfd by which any thread wakes the one that waits. */
final class Wakeup {
  private final Libc libc = new Libc();
  private final int fd;
  private boolean closed;

  Wakeup() throws IOException {
    fd = libc.eventfd();
  }

  int fd() {
    return fd;
  }

  synchronized void signal() {
    if (!closed) {
      libc.signal(fd);
    }
  }

  /** By the thread that was woken. */
  synchronized void clear() {
    libc.clear(fd);
  }

  synchronized void close() {
    if (!closed) {
      closed = true;
      Libc.close(fd);
    }
  }
}
