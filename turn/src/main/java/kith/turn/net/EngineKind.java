package kith.turn.net;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Locale;

/** How datagrams are read and written. */
public enum EngineKind {
  /** The first of {@link #IO_URING}, {@link #MMSG} and {@link #NIO} that works here. */
  AUTO,
  /** Linux's io_uring through the foreign-function API; containers often forbid it. */
  IO_URING,
  /** Linux's epoll, recvmmsg and sendmmsg through the foreign-function API. */
  MMSG,
  /** The JDK's channels: works everywhere. */
  NIO;

  private static final Logger LOG = System.getLogger("kith.turn");

  /** As {@code --engine} has it. */
  public String option() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * What this stands for on this machine: never {@link #AUTO}.
   *
   * @throws EngineUnusable saying why, when it is asked for by name and does not work here
   */
  EngineKind resolved() throws EngineUnusable {
    if (this != AUTO) {
      try {
        tryOut();
        return this;
      } catch (IOException e) {
        throw new EngineUnusable(this, e);
      }
    }
    for (EngineKind kind : List.of(IO_URING, MMSG)) {
      try {
        kind.tryOut();
        return kind;
      } catch (IOException e) {
        LOG.log(Level.INFO, "the engine " + kind.option() + " is not used: " + e.getMessage());
      }
    }
    return NIO;
  }

  DatagramEngine open() throws IOException {
    return switch (this) {
      case IO_URING -> new UringEngine();
      case MMSG -> new MmsgEngine();
      case NIO, AUTO -> new NioEngine();
    };
  }

  /** Sends itself a few packets: a container's filter may forbid what the kernel has. */
  private void tryOut() throws IOException {
    if (this == NIO) {
      return;
    }
    if (!System.getProperty("os.name", "").startsWith("Linux")) {
      throw new IOException("it needs Linux");
    }
    String architecture = System.getProperty("os.arch", "");
    if (!architecture.equals("amd64") && !architecture.equals("aarch64")) {
      throw new IOException("it is not made for the architecture " + architecture);
    }
    if (!EngineKind.class.getModule().isNativeAccessEnabled()) {
      throw new IOException("it needs --enable-native-access=ALL-UNNAMED");
    }
    try (DatagramEngine engine = open()) {
      new EngineTrial(engine).run();
    } catch (RuntimeException | LinkageError e) {
      throw new IOException(e.toString(), e);
    }
  }
}
