package kith.socketio.gateway;

/** A thread of the web server that runs what it is given in order. Compared by identity. */
public interface Loop {
  /** Whether the calling thread is this loop's. */
  boolean isCurrent();

  /** Runs the task later, after what was given before. From any thread. */
  void execute(Runnable task);

  /** Runs the task once, on this loop, after at least so many milliseconds. From any thread. */
  void after(long millis, Runnable task);
}
