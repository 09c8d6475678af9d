package kith.socketio.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LaneTest {
  private static final int CALLERS = 4;
  private static final int TURNS = 5_000;

  /** A loop with a thread of its own. */
  private static final class ThreadLoop implements Loop {
    final ExecutorService thread = Executors.newSingleThreadExecutor();
    private volatile Thread current;

    ThreadLoop() throws Exception {
      thread.submit(() -> current = Thread.currentThread()).get();
    }

    @Override
    public boolean isCurrent() {
      return Thread.currentThread() == current;
    }

    @Override
    public void execute(Runnable task) {
      thread.execute(task);
    }

    @Override
    public void after(long millis, Runnable task) {
      throw new UnsupportedOperationException();
    }
  }

  private final ThreadLoop first;
  private final ThreadLoop second;
  private final List<Throwable> errors = new ArrayList<>();

  LaneTest() throws Exception {
    first = new ThreadLoop();
    second = new ThreadLoop();
  }

  @AfterEach
  void end() {
    first.thread.shutdownNow();
    second.thread.shutdownNow();
  }

  @Test
  void turnsRunOneAtATimeInTheOrderOfEachCallerEvenAsTheLaneMoves() throws Exception {
    Lane lane = new Lane(first, () -> {}, errors::add);
    List<List<Integer>> seen = new ArrayList<>();
    for (int caller = 0; caller < CALLERS; caller++) {
      seen.add(new ArrayList<>());
    }
    AtomicBoolean within = new AtomicBoolean();
    AtomicBoolean overlapped = new AtomicBoolean();
    CountDownLatch done = new CountDownLatch(CALLERS * TURNS);
    List<Thread> callers = new ArrayList<>();
    for (int caller = 0; caller < CALLERS; caller++) {
      int me = caller;
      callers.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 0; i < TURNS; i++) {
                      int turn = i;
                      lane.execute(
                          () -> {
                            if (!within.compareAndSet(false, true)) {
                              overlapped.set(true);
                            }
                            seen.get(me).add(turn);
                            if (turn % 100 == 0) {
                              lane.moveTo(turn % 200 == 0 ? second : first);
                            }
                            within.set(false);
                            done.countDown();
                          });
                    }
                  }));
    }
    assertTrue(done.await(30, TimeUnit.SECONDS));
    assertFalse(overlapped.get());
    List<Integer> inOrder = java.util.stream.IntStream.range(0, TURNS).boxed().toList();
    seen.forEach(turns -> assertEquals(inOrder, turns));
    assertEquals(List.of(), errors);
  }

  @Test
  void anIdleLaneRunsATurnAtOnceOnItsLoop() {
    ManualLoop loop = new ManualLoop();
    Lane lane = new Lane(loop, () -> {}, errors::add);
    AtomicBoolean ran = new AtomicBoolean();
    lane.execute(() -> ran.set(true));
    assertTrue(ran.get());
  }

  @Test
  void aTurnGivenWithinATurnWaitsButAPartJoins() {
    ManualLoop loop = new ManualLoop();
    Lane lane = new Lane(loop, () -> {}, errors::add);
    List<String> order = new ArrayList<>();
    lane.execute(
        () -> {
          lane.execute(() -> order.add("turn"));
          order.add("rest");
        });
    lane.execute(() -> order.add("next"));
    loop.settle();
    lane.execute(
        () -> {
          lane.join(() -> order.add("part"));
          order.add("rest");
        });
    assertEquals(List.of("rest", "turn", "next", "part", "rest"), order);
  }

  @Test
  void aPartDoesNotOvertakeWhatWasGivenBefore() {
    ManualLoop loop = new ManualLoop();
    Lane lane = new Lane(loop, () -> {}, errors::add);
    List<String> order = new ArrayList<>();
    lane.execute(
        () -> {
          lane.execute(() -> order.add("given before"));
          lane.join(() -> order.add("part"));
        });
    loop.settle();
    assertEquals(List.of("given before", "part"), order);
  }

  @Test
  void noTurnOvertakesWhatWasGivenToTheLoopItMovedTo() throws Exception {
    List<String> order = new CopyOnWriteArrayList<>();
    Lane lane = new Lane(first, () -> {}, errors::add);
    CountDownLatch done = new CountDownLatch(1);
    second
        .thread
        .submit(
            () -> {
              first
                  .thread
                  .submit(
                      () ->
                          lane.execute(
                              () -> {
                                second.execute(() -> order.add("written by the first loop"));
                                lane.moveTo(second);
                              }))
                  .get();
              lane.execute(
                  () -> {
                    order.add("read by the second");
                    done.countDown();
                  });
              return null;
            })
        .get();
    assertTrue(done.await(30, TimeUnit.SECONDS));
    assertEquals(List.of("written by the first loop", "read by the second"), order);
  }

  @Test
  void aTurnThatFailsIsReportedAndTheNextRuns() {
    ManualLoop loop = new ManualLoop();
    Lane lane = new Lane(loop, () -> {}, errors::add);
    AtomicReference<String> next = new AtomicReference<>();
    lane.execute(
        () -> {
          throw new IllegalStateException("oops");
        });
    assertNull(next.get());
    lane.execute(() -> next.set("ran"));
    assertEquals("oops", errors.getFirst().getMessage());
    assertEquals("ran", next.get());
  }
}
