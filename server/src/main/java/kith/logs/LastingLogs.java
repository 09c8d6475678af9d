package kith.logs;

import java.util.logging.LogManager;

/**
 * Keeps logging while the JVM shuts down: the JDK's own closes every handler at the first sign of
 * it, and what the server says as it stops would be lost.
 */
public final class LastingLogs extends LogManager {
  /** Named by {@code java.util.logging.manager}; made by the JDK. */
  public LastingLogs() {}

  @Override
  public void reset() {}
}
