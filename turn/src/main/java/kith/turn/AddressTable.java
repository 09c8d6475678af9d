package kith.turn;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A hash table keyed by transport address that neither boxes nor allocates to look up, because the
 * media path asks it for every packet. Open addressing with linear probing; an entry removed closes
 * its gap, so there are no tombstones.
 */
final class AddressTable<V> {
  private static final int SMALLEST = 4;

  private long[] highs = new long[SMALLEST];
  private long[] lows = new long[SMALLEST];
  private int[] ports = new int[SMALLEST];
  private @Nullable Object[] values = new Object[SMALLEST];
  private int size;

  int size() {
    return size;
  }

  @Nullable V get(long high, long low, int port) {
    int slot = slotOf(high, low, port);
    return valueAt(slot);
  }

  void put(long high, long low, int port, V value) {
    if ((size + 1) * 4 > values.length * 3) {
      grow();
    }
    int slot = slotOf(high, low, port);
    if (values[slot] == null) {
      size++;
    }
    set(slot, high, low, port, value);
  }

  @Nullable V remove(long high, long low, int port) {
    int slot = slotOf(high, low, port);
    V removed = valueAt(slot);
    if (removed != null) {
      size--;
      closeGap(slot);
    }
    return removed;
  }

  /** A copy of the values, in no order, so that entries may be removed while it is walked. */
  List<V> values() {
    List<V> copy = new ArrayList<>(size);
    for (int slot = 0; slot < values.length; slot++) {
      V value = valueAt(slot);
      if (value != null) {
        copy.add(value);
      }
    }
    return copy;
  }

  AddressTable<V> copy() {
    AddressTable<V> copy = new AddressTable<>();
    for (int slot = 0; slot < values.length; slot++) {
      V value = valueAt(slot);
      if (value != null) {
        copy.put(highs[slot], lows[slot], ports[slot], value);
      }
    }
    return copy;
  }

  /** Whether any port of this host is a key. */
  boolean hasHost(long high, long low) {
    for (int slot = 0; slot < values.length; slot++) {
      if (values[slot] != null && lows[slot] == low && highs[slot] == high) {
        return true;
      }
    }
    return false;
  }

  @SuppressWarnings("unchecked")
  private @Nullable V valueAt(int slot) {
    return (V) values[slot];
  }

  /** Where this key is, or where it would go. */
  private int slotOf(long high, long low, int port) {
    int mask = values.length - 1;
    int slot = hash(high, low, port) & mask;
    while (values[slot] != null
        && !(lows[slot] == low && ports[slot] == port && highs[slot] == high)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void set(int slot, long high, long low, int port, @Nullable Object value) {
    highs[slot] = high;
    lows[slot] = low;
    ports[slot] = port;
    values[slot] = value;
  }

  private void closeGap(int gap) {
    int mask = values.length - 1;
    for (int slot = (gap + 1) & mask; values[slot] != null; slot = (slot + 1) & mask) {
      int home = hash(highs[slot], lows[slot], ports[slot]) & mask;
      if (((slot - home) & mask) >= ((slot - gap) & mask)) {
        set(gap, highs[slot], lows[slot], ports[slot], values[slot]);
        gap = slot;
      }
    }
    values[gap] = null;
  }

  private void grow() {
    long[] oldHighs = highs;
    long[] oldLows = lows;
    int[] oldPorts = ports;
    @Nullable Object[] old = values;
    int capacity = old.length * 2;
    highs = new long[capacity];
    lows = new long[capacity];
    ports = new int[capacity];
    values = new Object[capacity];
    for (int slot = 0; slot < old.length; slot++) {
      if (old[slot] != null) {
        set(
            slotOf(oldHighs[slot], oldLows[slot], oldPorts[slot]),
            oldHighs[slot],
            oldLows[slot],
            oldPorts[slot],
            old[slot]);
      }
    }
  }

  private static int hash(long high, long low, int port) {
    long mixed =
        (high * 0x9E3779B97F4A7C15L ^ low) * 0xBF58476D1CE4E5B9L ^ (port * 0x94D049BB133111EBL);
    mixed ^= mixed >>> 29;
    mixed *= 0x9E3779B97F4A7C15L;
    return (int) (mixed >>> 32);
  }
}
