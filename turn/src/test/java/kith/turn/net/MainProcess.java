package kith.turn.net;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The standalone server as an operator starts it: a process of its own. */
final class MainProcess implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 60;

  private final Process process;
  private final Path output;

  private MainProcess(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  static MainProcess start(Path directory, String... options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of("--port", "0", "--listen", "127.0.0.1", "--loops", "1"));
    command.addAll(List.of(options));
    Path output = Files.createTempFile(directory, "output", ".txt");
    return new MainProcess(
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start(),
        output);
  }

  /** Waits until it listens. */
  int port() throws IOException {
    return Integer.parseInt(prints("STUN and TURN on port (\\d+)").group(1));
  }

  /** Waits until that is printed. */
  Matcher prints(String wanted) throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    Pattern pattern = Pattern.compile(wanted);
    while (System.nanoTime() - end < 0) {
      boolean over = !process.isAlive();
      Matcher printed = pattern.matcher(output());
      if (printed.find()) {
        return printed;
      }
      if (over) {
        break;
      }
      LockSupport.parkNanos(2_000_000);
    }
    throw new AssertionError("the server did not print " + wanted + ":\n" + output());
  }

  String output() throws IOException {
    return new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
  }

  /** Sends SIGTERM. */
  void terminate() {
    process.destroy();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  int exitCode() throws IOException, InterruptedException {
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("the server does not end:\n" + output());
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
