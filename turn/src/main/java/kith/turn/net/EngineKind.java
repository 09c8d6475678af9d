package kith.turn.net;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** How datagrams are read and written. */
public enum EngineKind {
  /**
   * The fastest that works here: {@link #MMSG} on 64-bit Linux where native access is enabled,
   * {@link #NIO} elsewhere.
   */
  AUTO,
  /** The JDK's channels: works everywhere. */
  NIO,
  /** Linux's epoll, recvmmsg and sendmmsg through the foreign-function API. */
  MMSG;

  private static final Logger LOG = System.getLogger("kith.turn");

  /** What this stands for on this machine: never {@link #AUTO}. */
  EngineKind resolved() {
    if (this != AUTO) {
      return this;
    }
    boolean linux = System.getProperty("os.name", "").startsWith("Linux");
    String architecture = System.getProperty("os.arch", "");
    boolean known = architecture.equals("amd64") || architecture.equals("aarch64");
    boolean enabled = EngineKind.class.getModule().isNativeAccessEnabled();
    if (!linux || !known || !enabled) {
      return NIO;
    }
    try (MmsgEngine trial = new MmsgEngine()) {
      return trial.isUsable() ? MMSG : NIO;
    } catch (IOException | RuntimeException | LinkageError e) {
      LOG.log(
          Level.INFO,
          "batched datagrams do not work here, the portable way is taken: " + e.getMessage());
      return NIO;
    }
  }
}
