package kith.turn;

import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** What is to be done later, in virtual time. */
final class Deadlines {
  private final PriorityQueue<Deadline> queue =
      new PriorityQueue<>(Comparator.comparingLong(Deadline::at));

  /** Something to do at a time, unless it is called off first. */
  static final class Deadline {
    private final long at;
    private @Nullable Runnable action;

    private Deadline(long at, Runnable action) {
      this.at = at;
      this.action = action;
    }

    long at() {
      return at;
    }

    /** Calls it off, and lets go of what it held at once rather than when its time comes. */
    void cancel() {
      action = null;
    }
  }

  Deadline at(long when, Runnable action) {
    Deadline deadline = new Deadline(when, action);
    queue.add(deadline);
    return deadline;
  }

  void run(long now) {
    for (Deadline first = queue.peek(); first != null && first.at() <= now; first = queue.peek()) {
      queue.remove();
      Runnable action = first.action;
      if (action != null) {
        action.run();
      }
    }
  }

  /** When the next one is due; {@link Long#MAX_VALUE} when there is none. */
  long next() {
    Deadline first = queue.peek();
    return first == null ? Long.MAX_VALUE : first.at();
  }
}
