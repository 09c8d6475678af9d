package kith.bench.signaling;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A running server. It prints {@code listening PORT NAME} when it listens, and ends when its
 * standard input does, so that none outlives the benchmark however that ends.
 */
final class ServerProcess implements AutoCloseable {
  private static final Duration MAX_START = Duration.ofSeconds(30);
  private static final Duration MAX_STOP = Duration.ofSeconds(5);

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
      BufferedReader out =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      String line = firstLine(process, out);
      String[] words = line == null ? new String[0] : line.split(" ", 3);
      if (words.length < 3 || !words[0].equals("listening")) {
        process.destroyForcibly();
        throw new BenchFailure(contestant.key() + " did not start; it said: " + line);
      }
      return new ServerProcess(process, Integer.parseInt(words[1]), words[2]);
    } catch (IOException failed) {
      throw new BenchFailure("cannot start " + contestant.key(), failed);
    }
  }

  private static @Nullable String firstLine(Process process, BufferedReader out) {
    CompletableFuture<@Nullable String> line =
        CompletableFuture.supplyAsync(() -> out.lines().findFirst().orElse(null));
    try {
      return line.get(MAX_START.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException failed) {
      process.destroyForcibly();
      return failed.toString();
    }
  }

  int port() {
    return port;
  }

  /** What it calls itself, with versions. */
  String name() {
    return name;
  }

  /** Nanoseconds of CPU it has spent until now, in user and system mode. */
  long cpuNanos() {
    return process
        .info()
        .totalCpuDuration()
        .orElseThrow(() -> new BenchFailure("cannot tell the CPU time of " + name))
        .toNanos();
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
