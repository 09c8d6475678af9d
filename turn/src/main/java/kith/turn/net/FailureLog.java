package kith.turn.net;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Tells what went wrong in a loop, once a second at most: who knows how to make something fail
 * fills no disk. Belongs to one thread.
 */
final class FailureLog {
  private static final Logger LOG = System.getLogger("kith.turn");
  private static final long EVERY = 1_000_000_000;

  private long told = System.nanoTime() - EVERY;
  private int untold;

  void tell(String what, Exception failure) {
    long now = System.nanoTime();
    if (now - told < EVERY) {
      untold++;
      return;
    }
    LOG.log(Level.ERROR, untold == 0 ? what : what + ", after " + untold + " failures", failure);
    told = now;
    untold = 0;
  }
}
