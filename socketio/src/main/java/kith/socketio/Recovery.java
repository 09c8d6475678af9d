package kith.socketio;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.ObjLongConsumer;
import java.util.function.Supplier;
import kith.socketio.adapter.Command;
import kith.socketio.adapter.Target;
import kith.socketio.engine.Frame;
import org.jspecify.annotations.Nullable;

/**
 * What a namespace keeps for clients that are away for a moment: the messages sent, and what each
 * client had. One lock holds the order of the log and of delivery together, so that a client that
 * comes back misses nothing and gets nothing twice.
 */
final class Recovery {
  private record Logged(long sequence, long at, String offset, Target target, List<Frame> message) {
    long bytes() {
      return message.stream().mapToLong(Frame::size).sum();
    }
  }

  /** What a client had when its connection broke. */
  record Suspended(
      String recoveryId,
      String id,
      Set<String> rooms,
      @Nullable Object attachment,
      Handshake handshake,
      long since,
      long until) {}

  private final RecoveryOptions options;
  private final LongSupplier clock;
  private final Supplier<String> ids;
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<Logged> log = new ArrayDeque<>();
  private final Map<String, Suspended> suspended = new LinkedHashMap<>();
  private long nextSequence;
  private long bytes;

  Recovery(RecoveryOptions options, LongSupplier clock, Supplier<String> ids) {
    this.options = options;
    this.clock = clock;
    this.ids = ids;
  }

  String newId() {
    return ids.get();
  }

  /** The position in the log of what is sent next. */
  long position() {
    lock.lock();
    try {
      return nextSequence;
    } finally {
      lock.unlock();
    }
  }

  /** Keeps a message and delivers it, as one step. */
  void logged(Command.Emit emit, Runnable delivery) {
    lock.lock();
    try {
      if (!emit.offset().isEmpty()) {
        Logged entry =
            new Logged(
                nextSequence++, clock.getAsLong(), emit.offset(), emit.target(), emit.message());
        log.add(entry);
        bytes += entry.bytes();
        forget();
      }
      delivery.run();
    } finally {
      lock.unlock();
    }
  }

  private void forget() {
    long oldest = clock.getAsLong() - options.maxDisconnection().toMillis();
    Logged first = log.peekFirst();
    while (first != null
        && (first.at < oldest
            || log.size() > options.maxMessages()
            || bytes > options.maxBytes())) {
      log.removeFirst();
      bytes -= first.bytes();
      first = log.peekFirst();
    }
  }

  /** A client's connection broke; it may come back. */
  void suspend(
      String recoveryId,
      String id,
      Set<String> rooms,
      @Nullable Object attachment,
      Handshake handshake,
      long since) {
    lock.lock();
    try {
      long now = clock.getAsLong();
      long until = now + options.maxDisconnection().toMillis();
      suspended.put(
          recoveryId, new Suspended(recoveryId, id, rooms, attachment, handshake, since, until));
      Iterator<Suspended> eldest = suspended.values().iterator();
      while (eldest.hasNext()) {
        if (eldest.next().until >= now && suspended.size() <= options.maxSuspended()) {
          break;
        }
        eldest.remove();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * A client comes back, naming the last message it got, if any. {@code join} puts it into the
   * namespace and its rooms, as one step with reading what it missed; it is given where the log
   * stands. The messages missed, or null when it cannot go on.
   */
  @Nullable List<List<Frame>> resume(
      String recoveryId,
      @Nullable String offset,
      Handshake handshake,
      ObjLongConsumer<Suspended> join) {
    lock.lock();
    try {
      Suspended before = suspended.remove(recoveryId);
      if (before == null
          || before.until < clock.getAsLong()
          || !options.maySucceed().test(before.handshake, handshake)) {
        return null;
      }
      List<List<Frame>> missed = missedSince(before, offset);
      if (missed == null) {
        return null;
      }
      join.accept(before, nextSequence);
      return missed;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable List<List<Frame>> missedSince(Suspended before, @Nullable String offset) {
    long from = offset == null ? before.since : positionAfter(offset);
    long oldest = log.isEmpty() ? nextSequence : log.getFirst().sequence;
    if (from < oldest) {
      return null; // forgotten, or never sent
    }
    List<List<Frame>> missed = new ArrayList<>();
    for (Logged entry : log) {
      if (entry.sequence >= from && concerns(entry.target, before)) {
        missed.add(entry.message);
      }
    }
    return missed;
  }

  private long positionAfter(String offset) {
    for (Iterator<Logged> newest = log.descendingIterator(); newest.hasNext(); ) {
      Logged entry = newest.next();
      if (entry.offset.equals(offset)) {
        return entry.sequence + 1;
      }
    }
    return -1;
  }

  private static boolean concerns(Target target, Suspended client) {
    return (target.rooms().isEmpty() || isIn(target.rooms(), client))
        && !isIn(target.except(), client);
  }

  private static boolean isIn(Set<String> names, Suspended client) {
    return names.contains(client.id) || names.stream().anyMatch(client.rooms::contains);
  }
}
