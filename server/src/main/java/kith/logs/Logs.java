package kith.logs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.ConsoleHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Sends every log line to the console and to {@code logs/server.log}. */
public final class Logs implements AutoCloseable {
  private static final long MAX_BYTES = 10L << 20;
  private static final int OLD_FILES = 5;

  /** What they say at INFO is of no use to an operator. */
  private static final List<String> TALKATIVE =
      List.of(
          "org.flywaydb",
          "com.zaxxer.hikari",
          "com.password4j",
          "io.netty",
          "io.vertx",
          "org.postgresql");

  private final RollingFile file;

  /** Held, for the JDK forgets loggers that nobody holds, and their levels with them. */
  private final List<Logger> quietened;

  private Logs(RollingFile file, List<Logger> quietened) {
    this.file = file;
    this.quietened = quietened;
  }

  /** Makes the JDK's logging last until the very end; before anything logs. */
  public static void prepare() {
    System.setProperty("java.util.logging.manager", LastingLogs.class.getName());
  }

  /**
   * @param level debug, info, warn or error
   */
  public static Logs open(Path dataDirectory, String level) throws IOException {
    Path folder = Files.createDirectories(dataDirectory.resolve("logs"));
    RollingFile file = new RollingFile(folder.resolve("server.log"), MAX_BYTES, OLD_FILES);
    Logger root = Logger.getLogger("");
    for (Handler handler : root.getHandlers()) {
      root.removeHandler(handler);
    }
    ConsoleHandler console = new ConsoleHandler();
    console.setFormatter(new LineFormat());
    console.setLevel(Level.ALL);
    root.addHandler(console);
    root.addHandler(file);
    root.setLevel(levelOf(level));
    List<Logger> quietened = TALKATIVE.stream().map(Logger::getLogger).toList();
    quietened.forEach(logger -> logger.setLevel(Level.WARNING));
    return new Logs(file, quietened);
  }

  private static Level levelOf(String name) {
    return switch (name) {
      case "debug" -> Level.FINE;
      case "warn" -> Level.WARNING;
      case "error" -> Level.SEVERE;
      default -> Level.INFO;
    };
  }

  @Override
  public void close() {
    Logger.getLogger("").removeHandler(file);
    quietened.forEach(logger -> logger.setLevel(null));
    file.close();
  }
}
