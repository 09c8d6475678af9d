package kith.call;

import java.time.InstantSource;
import kith.auth.UserId;
import kith.circle.CircleId;
import org.jdbi.v3.core.Jdbi;

/** Runs every call of this node: one mailbox a call, written down before anyone is told. */
public final class Calls implements AutoCloseable {
  private final Jdbi database;

  /** Takes up the calls that were running when the server stopped: their devices may resume. */
  public Calls(
      CallSettings settings,
      Directory directory,
      Devices devices,
      Jdbi database,
      InstantSource clock) {
    this.database = database;
  }

  /** Someone left a circle, or was removed: a call of theirs in that circle is over. */
  public void leftCircle(UserId user, CircleId circle) {
    throw new UnsupportedOperationException("calls do not run yet " + database);
  }

  /** Whether someone is in a call that was answered. Cheap: no I/O. */
  public boolean isTalking(UserId user) {
    return false;
  }

  /** Finishes what is under way; running calls stay written down, for the next start. */
  @Override
  public void close() {}
}
