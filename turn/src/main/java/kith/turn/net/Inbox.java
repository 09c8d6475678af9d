package kith.turn.net;

import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import kith.turn.Relay;
import kith.turn.stun.TransportAddress;

/** Datagrams that services of this process send to relays of one loop, from other threads. */
final class Inbox {
  private static final int MOST_WAITING = 4_096;

  private final Queue<Letter> letters = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicBoolean rung = new AtomicBoolean();

  /** A datagram with the core's room before and behind it. */
  record Letter(Relay relay, TransportAddress from, ByteBuffer packet, int length) {}

  /** What to do with a letter. */
  interface Reader {
    void read(Letter letter);
  }

  /**
   * Puts one in, and calls {@code wake} if the loop may be asleep; false when there are too many.
   */
  boolean put(Letter letter, Runnable wake) {
    if (waiting.incrementAndGet() > MOST_WAITING) {
      waiting.decrementAndGet();
      return false;
    }
    letters.add(letter);
    if (rung.compareAndSet(false, true)) {
      wake.run();
    }
    return true;
  }

  void empty(Reader reader) {
    if (!rung.getAndSet(false)) {
      return;
    }
    for (Letter letter = letters.poll(); letter != null; letter = letters.poll()) {
      waiting.decrementAndGet();
      reader.read(letter);
    }
  }
}
