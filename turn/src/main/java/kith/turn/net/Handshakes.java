package kith.turn.net;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The TLS handshakes of a server: how many may be under way, and where their costly steps run. A
 * step that cannot be done soon is refused: who waited for it would have gone by then.
 */
final class Handshakes implements Executor, AutoCloseable {
  // Each has an engine and its buffers: some 50 KB.
  private static final int MOST_UNDER_WAY = 4_096;
  private static final int MOST_WAITING = 1_024;
  private static final long IDLE_SECONDS = 10;

  private final Executor elsewhere;
  private final Semaphore places;

  Handshakes(Executor elsewhere, int mostUnderWay) {
    this.elsewhere = elsewhere;
    this.places = new Semaphore(mostUnderWay);
  }

  /** On as many threads as there are cores, which end when there is nothing to do. */
  static Handshakes onEachCore() {
    int cores = Runtime.getRuntime().availableProcessors();
    return new Handshakes(threads(cores, MOST_WAITING), MOST_UNDER_WAY);
  }

  /**
   * @param waiting how many steps may wait for a thread
   */
  static ExecutorService threads(int count, int waiting) {
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            count,
            count,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(waiting),
            Thread.ofPlatform().name("turn-tls-", 0).daemon(true).factory());
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }

  /** Whether there is a place for one more, to {@link #end}. */
  boolean begin() {
    return places.tryAcquire();
  }

  /** One is over, or its connection is. */
  void end() {
    places.release();
  }

  /** Throws RejectedExecutionException when there is no room. */
  @Override
  public void execute(Runnable step) {
    elsewhere.execute(step);
  }

  /** Who waits, waits in vain. */
  @Override
  public void close() {
    if (elsewhere instanceof ExecutorService threads) {
      threads.shutdownNow();
    }
  }
}
