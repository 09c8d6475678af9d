package kith.call.running;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Timers on one thread. */
final class ThreadTimers implements Timers {
  private final InstantSource clock;
  private final ScheduledThreadPoolExecutor thread =
      new ScheduledThreadPoolExecutor(
          1, task -> Thread.ofPlatform().name("call-timers").daemon().unstarted(task));

  ThreadTimers(InstantSource clock) {
    this.clock = clock;
    thread.setRemoveOnCancelPolicy(true);
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  @Override
  public Timer at(Instant when, Runnable task) {
    // Rounded up: woken up a moment early, nothing would be due and nobody would come back.
    long millis = Duration.between(clock.instant(), when).toMillis() + 1;
    try {
      Future<?> future = thread.schedule(task, Math.max(0, millis), TimeUnit.MILLISECONDS);
      return () -> future.cancel(false);
    } catch (RejectedExecutionException closed) {
      // What is under way while the server stops comes to its end.
      return () -> {};
    }
  }

  @Override
  public Timer after(Duration time, Runnable task) {
    return at(clock.instant().plus(time), task);
  }

  @Override
  public void close() {
    thread.shutdown();
  }
}
