package kith.history;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.ObjIntConsumer;
import java.util.stream.IntStream;
import kith.auth.UserId;
import kith.call.Call;
import kith.call.running.CallHistory;
import kith.call.running.Mailbox;

/** Tells the devices of a user when something came into their history, or was looked at there. */
public final class HistoryNews implements AutoCloseable {
  /** Users are spread over this many mailboxes: the last that is told of one user is the truth. */
  private static final int LANES = 16;

  private final CallHistory history;
  private final ObjIntConsumer<UserId> devices;
  private final ExecutorService executor =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("history-", 0).factory());
  private final List<Mailbox> lanes;

  /**
   * @param devices are told how many missed calls of that user wait to be looked at
   */
  public HistoryNews(CallHistory history, ObjIntConsumer<UserId> devices) {
    this.history = history;
    this.devices = devices;
    this.lanes =
        IntStream.range(0, LANES)
            .mapToObj(lane -> new Mailbox(executor, Integer.MAX_VALUE))
            .toList();
  }

  /** A call is over. Does not block. */
  public void ended(Call call) {
    changed(call.caller().device().user());
    changed(call.callee());
  }

  /** Something changed in this user's history. Does not block. */
  public void changed(UserId user) {
    lanes
        .get(Math.floorMod(user.hashCode(), LANES))
        .put(() -> devices.accept(user, history.unseenMissed(user)));
  }

  @Override
  public void close() {
    executor.shutdown();
  }
}
