package kith.socketio.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The deadlines of all connections of one loop: one loop timer instead of one for each connection.
 * Coarse and generous: a connection may be woken without need, never too late by more than a step.
 * Used on its loop only.
 */
final class Wheel {
  private static final int SLOTS = 512;

  private final Loop loop;
  private final LongSupplier clock;
  private final long step;
  private final List<@Nullable List<Connection>> slots = new ArrayList<>(SLOTS);
  private long position;
  private int size;

  Wheel(Loop loop, LongSupplier clock, long step) {
    this.loop = loop;
    this.clock = clock;
    this.step = step;
    for (int i = 0; i < SLOTS; i++) {
      slots.add(null);
    }
  }

  /**
   * Wakes the connection once, no later than a step after {@code deadline}, or earlier. Returns
   * when.
   */
  long schedule(Connection connection, long deadline) {
    if (size++ == 0) {
      position = clock.getAsLong() / step;
      loop.after(step, this::advance);
    }
    long due = Math.floorDiv(deadline + step - 1, step);
    long at = Math.clamp(due, position + 1, position + SLOTS - 1);
    int slot = (int) (at % SLOTS);
    List<Connection> waiting = slots.get(slot);
    if (waiting == null) {
      waiting = new ArrayList<>(4);
      slots.set(slot, waiting);
    }
    waiting.add(connection);
    return at * step;
  }

  private void advance() {
    long now = clock.getAsLong() / step;
    while (position < now) {
      position++;
      int slot = (int) (position % SLOTS);
      List<Connection> due = slots.get(slot);
      if (due != null) {
        slots.set(slot, null);
        size -= due.size();
        due.forEach(Connection::wake);
      }
    }
    if (size > 0) {
      loop.after(step, this::advance);
    }
  }
}
