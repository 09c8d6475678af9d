package kith.turn.net;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import sun.misc.Signal;

/**
 * SIGTERM lets relayed calls end before the process does. A second one waits no longer, nor does
 * Ctrl-C (SIGINT): that stays the JVM's own.
 */
public final class GracefulStop {
  private static final Logger LOG = System.getLogger("kith.turn");
  private static final String SIGNAL = "TERM";
  // What a shell, and the JVM by itself, make of a process that a signal ended.
  private static final int SIGNALLED = 128;

  private final TurnServer server;
  private final Duration patience;
  private final int left;
  private final AtomicBoolean begun = new AtomicBoolean();

  private GracefulStop(TurnServer server, Duration patience, int left) {
    this.server = server;
    this.patience = patience;
    this.left = left;
  }

  /**
   * From now on SIGTERM drains the server for so long at most, and then exits as the JVM would:
   * shutdown hooks are run.
   *
   * @param left how many allocations are not waited for
   */
  public static void onTerminate(TurnServer server, Duration patience, int left) {
    GracefulStop stop = new GracefulStop(server, patience, left);
    try {
      Signal.handle(new Signal(SIGNAL), stop::signalled);
    } catch (IllegalArgumentException e) {
      LOG.log(Level.WARNING, "SIGTERM will not wait for relayed calls: " + e.getMessage());
    }
  }

  /** Each signal comes on a thread of its own, which may wait. */
  private void signalled(Signal signal) {
    if (begun.compareAndSet(false, true)) {
      drain();
    }
    System.exit(SIGNALLED + signal.getNumber());
  }

  private void drain() {
    LOG.log(
        Level.INFO,
        "draining: no new allocations, "
            + server.stats().allocations()
            + " live ones may end within "
            + patience.toSeconds()
            + " s"
            + (left > 0 ? ", all but " + left : ""));
    try {
      boolean drained = server.drain(patience, left);
      LOG.log(
          Level.INFO,
          (drained ? "drained: " : "not drained in time: ")
              + server.stats().allocations()
              + " allocations are cut");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
