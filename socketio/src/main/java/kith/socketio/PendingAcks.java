package kith.socketio;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The acknowledgements that one client owes one socket. Touched within the client's turns only. */
final class PendingAcks {
  private record Pending(long id, long by, CompletableFuture<List<@Nullable Object>> answer) {}

  private final Map<Long, Pending> byId = new HashMap<>();
  private final PriorityQueue<Pending> byTime =
      new PriorityQueue<>(Comparator.comparingLong(Pending::by));

  int size() {
    return byId.size();
  }

  void add(long id, long by, CompletableFuture<List<@Nullable Object>> answer) {
    Pending pending = new Pending(id, by, answer);
    byId.put(id, pending);
    byTime.add(pending);
  }

  /** A late or invented acknowledgement is ignored. */
  void answered(long id, List<@Nullable Object> args) {
    Pending pending = byId.remove(id);
    if (pending != null) {
      byTime.remove(pending);
      pending.answer.complete(args);
    }
  }

  void expire(long now) {
    Pending first = byTime.peek();
    while (first != null && first.by <= now) {
      byTime.remove();
      byId.remove(first.id);
      first.answer.completeExceptionally(new AckFailed(AckFailed.Cause.TIMEOUT));
      first = byTime.peek();
    }
  }

  void failAll() {
    List<Pending> all = List.copyOf(byId.values());
    byId.clear();
    byTime.clear();
    all.forEach(p -> p.answer.completeExceptionally(new AckFailed(AckFailed.Cause.DISCONNECTED)));
  }

  long nextDeadline() {
    Pending first = byTime.peek();
    return first == null ? Long.MAX_VALUE : first.by;
  }
}
