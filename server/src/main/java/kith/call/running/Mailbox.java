package kith.call.running;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs what is put into it one after the other, in order, on a thread of the executor. A thread is
 * taken only while there is something to do.
 */
public final class Mailbox {
  private static final Logger log = LoggerFactory.getLogger(Mailbox.class);

  private final Executor executor;
  private final int capacity;
  private final ReentrantLock lock = new ReentrantLock();
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private boolean running;

  /**
   * @param capacity how much may wait that can be turned away
   */
  public Mailbox(Executor executor, int capacity) {
    this.executor = executor;
    this.capacity = capacity;
  }

  /** False, and it will not run, if too much is waiting or the executor has stopped. */
  public boolean offer(Runnable task) {
    return add(task, capacity);
  }

  /** For what must not be lost: it is taken even if too much is waiting. */
  public void put(Runnable task) {
    add(task, Integer.MAX_VALUE);
  }

  private boolean add(Runnable task, int most) {
    lock.lock();
    try {
      if (waiting.size() >= most) {
        return false;
      }
      waiting.add(task);
      if (running) {
        return true;
      }
      running = true;
    } finally {
      lock.unlock();
    }
    try {
      executor.execute(this::drain);
      return true;
    } catch (RejectedExecutionException stopped) {
      takeBack(task);
      return false;
    }
  }

  private void takeBack(Runnable task) {
    lock.lock();
    try {
      waiting.remove(task);
      running = false;
    } finally {
      lock.unlock();
    }
  }

  private void drain() {
    Runnable task = next();
    while (task != null) {
      try {
        task.run();
      } catch (RuntimeException | Error failed) {
        // An error, too: whatever is put in later would wait for ever.
        log.error("a task failed", failed);
      }
      task = next();
    }
  }

  private @Nullable Runnable next() {
    lock.lock();
    try {
      Runnable task = waiting.poll();
      running = task != null;
      return task;
    } finally {
      lock.unlock();
    }
  }
}
