package kith.turn;

import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** What is to be done later, in virtual time. */
final class Deadlines {
  private static final int FEW = 64;

  private final PriorityQueue<Deadline> queue =
      new PriorityQueue<>(Comparator.comparingLong(Deadline::at));
  private int calledOff;

  /** Something to do at a time, unless it is called off first. */
  final class Deadline {
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
      if (action != null) {
        action = null;
        calledOff++;
        tidy();
      }
    }
  }

  Deadline at(long when, Runnable action) {
    Deadline deadline = new Deadline(when, action);
    queue.add(deadline);
    return deadline;
  }

  /**
   * Throws away what was called off once that is most of the queue: whoever sets and calls off
   * again and again makes it no longer.
   */
  private void tidy() {
    if (calledOff > FEW && calledOff > queue.size() / 2) {
      queue.removeIf(deadline -> deadline.action == null);
      calledOff = 0;
    }
  }

  void run(long now) {
    for (Deadline first = queue.peek(); first != null && first.at() <= now; first = queue.peek()) {
      queue.remove();
      Runnable action = first.action;
      if (action == null) {
        calledOff--;
      } else {
        first.action = null;
        action.run();
      }
    }
  }

  /** How many there are, called off or not. */
  int size() {
    return queue.size();
  }

  /** When the next one is due; {@link Long#MAX_VALUE} when there is none. */
  long next() {
    Deadline first = queue.peek();
    return first == null ? Long.MAX_VALUE : first.at();
  }
}
