package kith.turn.net;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Where the costly steps of TLS handshakes run: on as many threads as there are cores, which end
 * when there is nothing to do. What cannot be done soon is refused: who waited for it would have
 * gone by then.
 */
final class Handshakes implements Executor, AutoCloseable {
  private static final int MOST_WAITING = 1_024;
  private static final long IDLE_SECONDS = 10;

  private final ThreadPoolExecutor threads;

  Handshakes() {
    this(Runtime.getRuntime().availableProcessors(), MOST_WAITING);
  }

  /**
   * @param waiting how many steps may wait for a thread
   */
  Handshakes(int count, int waiting) {
    threads =
        new ThreadPoolExecutor(
            count,
            count,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(waiting),
            Thread.ofPlatform().name("turn-tls-", 0).daemon(true).factory());
    threads.allowCoreThreadTimeOut(true);
  }

  /** Throws RejectedExecutionException when there is no room. */
  @Override
  public void execute(Runnable step) {
    threads.execute(step);
  }

  /** Who waits, waits in vain. */
  @Override
  public void close() {
    threads.shutdownNow();
  }
}
