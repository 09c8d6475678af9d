package kith.bench.signaling;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/**
 * A running server. It prints {@code listening PORT NAME} when it listens, and ends when its
 * standard input does, so that none outlives the benchmark however that ends.
 */
final class ServerProcess implements AutoCloseable {
  private static final Duration MAX_START = Duration.ofSeconds(30);
  private static final Duration MAX_STOP = Duration.ofSeconds(5);
  private static final Pattern LISTENING = Pattern.compile("listening \\d+ .+");

  private final Process process;
  private final int port;
  private final String name;

  private ServerProcess(Process process, int port, String name) {
    this.process = process;
    this.port = port;
    this.name = name;
  }

  static ServerProcess start(Contestant contestant) {
    try {
      ProcessBuilder builder = new ProcessBuilder(contestant.command());
      builder.environment().putAll(contestant.environment());
      builder.redirectError(ProcessBuilder.Redirect.INHERIT);
      Process process = builder.start();
      String[] words = announcement(contestant, process).split(" ", 3);
      return new ServerProcess(process, Integer.parseInt(words[1]), words[2]);
    } catch (IOException failed) {
      throw new BenchFailure("cannot start " + contestant.key(), failed);
    }
  }

  /** The line it announces itself by; other lines, before and after, are the runtime's. */
  private static String announcement(Contestant contestant, Process process) {
    CompletableFuture<String> announced = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
              out.lines().filter(LISTENING.asMatchPredicate()).forEach(announced::complete);
              announced.completeExceptionally(new IOException("it ended"));
            });
    try {
      return announced.get(MAX_START.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException failed) {
      process.destroyForcibly();
      throw new BenchFailure(contestant.key() + " did not start", failed);
    }
  }

  int port() {
    return port;
  }

  /** What it calls itself, with versions. */
  String name() {
    return name;
  }

  /** What it has spent until now. */
  CpuTime cpuTime() {
    try {
      return CpuTime.parse(Files.readString(Path.of("/proc/" + process.pid() + "/stat")));
    } catch (IOException failed) {
      throw new BenchFailure("cannot tell the CPU time of " + name, failed);
    }
  }

  /** Bytes of its memory that are in RAM (VmRSS, counted exactly). */
  long residentBytes() {
    Path rollup = Path.of("/proc/" + process.pid() + "/smaps_rollup");
    try (var lines = Files.lines(rollup)) {
      return lines
          .filter(line -> line.startsWith("Rss:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1_024)
          .sum();
    } catch (IOException failed) {
      throw new BenchFailure("cannot tell the memory of " + name, failed);
    }
  }

  @Override
  public void close() {
    try {
      process.getOutputStream().close();
    } catch (IOException alreadyGone) {
      // What was to be reached.
    }
    try {
      if (!process.waitFor(MAX_STOP.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException stop) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
