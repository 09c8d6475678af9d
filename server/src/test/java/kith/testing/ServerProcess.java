package kith.testing;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The server as a person starts it: a process of its own, by its command line and environment. */
public final class ServerProcess implements AutoCloseable {
  private static final int START_SECONDS = 60;
  private static final long LOOK_NANOS = 20_000_000;

  /** A JVM prints what it takes from these, between the lines that tests read. */
  private static final Set<String> JVM_OPTIONS =
      Set.of("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS");

  private static final Pattern LISTENS = Pattern.compile("Kith \\S+ listens on \\S+:(\\d+)");

  private final Process process;
  private final Path output;

  private ServerProcess(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /** Starts it on that data directory and free ports. */
  public static ServerProcess start(Path dataDir, Map<String, String> settings, String... options)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "kith.Start"));
    command.addAll(List.of(options));
    Path output = Files.createTempFile("kith-output", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("KITH_") || JVM_OPTIONS.contains(name));
    builder.environment().put("KITH_DATA_DIR", dataDir.toString());
    builder.environment().put("KITH_HOST", "127.0.0.1");
    builder.environment().put("KITH_PORT", "0");
    builder.environment().put("KITH_TURN_HOST", "127.0.0.1");
    builder.environment().put("KITH_TURN_PORT", "0");
    builder.environment().putAll(settings);
    return new ServerProcess(builder.start(), output);
  }

  /** Waits until it listens; the port it chose. */
  public int port() throws IOException {
    return Integer.parseInt(prints(LISTENS).group(1));
  }

  public Browser stranger() throws IOException {
    return new Browser(URI.create("http://localhost:" + port()));
  }

  /** Waits until it ended by itself; its exit code. */
  public int exitCode() throws IOException, InterruptedException {
    if (!process.waitFor(START_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the server does not end:\n" + output());
    }
    return process.exitValue();
  }

  /** Asks it to stop (SIGTERM) and does not wait. */
  public void signal() {
    process.destroy();
  }

  /** Asks it to stop (SIGTERM) and waits until it has. */
  public void terminate() throws IOException, InterruptedException {
    process.destroy();
    exitCode();
  }

  /** Waits until that is printed: it listens before it tells of itself. */
  public Matcher prints(Pattern wanted) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (process.isAlive() && System.nanoTime() < deadline) {
      Matcher printed = wanted.matcher(output());
      if (printed.find()) {
        return printed;
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
    throw new IllegalStateException("the server did not print " + wanted + ":\n" + output());
  }

  /** All it printed. */
  public String output() throws IOException {
    return new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    Files.deleteIfExists(output);
  }
}
