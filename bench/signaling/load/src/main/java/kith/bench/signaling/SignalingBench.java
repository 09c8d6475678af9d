package kith.bench.signaling;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** The benchmark: {@code SignalingBench HOME CORE JAVA_FLAGS OPTION...}, started by {@code run}. */
final class SignalingBench {
  private static final int MEGABYTE = 1_000_000;

  /** Before memory is read for the first time: code is loaded, pools are made. */
  private static final int MEMORY_WARM_UP_SOCKETS = 500;

  private static final int MEMORY_WARM_UP_MESSAGES = 40_000;

  private final Plan plan;
  private final List<Contestant> servers;
  private final Results results = new Results();

  private SignalingBench(Plan plan, Path home) {
    this.plan = plan;
    this.servers =
        Contestant.all(home, plan).stream()
            .filter(server -> plan.servers().contains(server.key()))
            .toList();
  }

  public static void main(String[] args) {
    if (List.of(args).contains("--help")) {
      System.out.print(Plan.USAGE);
      return;
    }
    Plan plan;
    try {
      List<String> options = List.of(args).subList(3, args.length);
      plan = Plan.parse(List.of(args[2].split(" +")), Integer.parseInt(args[1]), options);
    } catch (IllegalArgumentException wrong) {
      System.err.println(wrong.getMessage() + "\n\n" + Plan.USAGE);
      System.exit(2);
      return;
    }
    try {
      new SignalingBench(plan, Path.of(args[0])).run();
    } catch (BenchFailure failed) {
      System.err.println("bench: " + failed.getMessage());
      System.exit(1);
    }
  }

  private void run() {
    for (int round = 1; round <= plan.rounds(); round++) {
      for (Contestant server : servers) {
        if (plan.sockets() > 0) {
          measureRelay(server, round);
        }
      }
      for (Contestant server : servers) {
        if (plan.idleSockets() > 0) {
          measureMemory(server, round);
        }
      }
    }
    System.out.println(results.table());
    System.out.print(results.targets());
    results.warnings().forEach(warning -> say("%s", warning));
  }

  private void measureRelay(Contestant contestant, int round) {
    try (ServerProcess server = ServerProcess.start(contestant);
        Load load = new Load(server.port())) {
      results.name(contestant, server.name());
      load.connect(plan.sockets());
      long ownBefore = ownCpuNanos();
      Load.Saturation saturated =
          load.saturate(
              plan.window(), plan.warmUp(), plan.counted(), plan.saturated(), server::cpuTime);
      double ownNanos = (double) (ownCpuNanos() - ownBefore);
      double ownMicros = ownNanos / 1e3 / (plan.warmUp() + saturated.messages());
      load.drain();
      CpuTime cpuBefore = server.cpuTime();
      Latencies latencies = load.sendAtRate(plan.rate(), plan.atRate());
      double cpuAtRate =
          server.cpuTime().since(cpuBefore).total()
              / 1e3
              / (plan.rate() * plan.atRate().toSeconds());
      load.drain();
      results.add(contestant, Figure.CPU_MICROS, saturated.cpuMicros());
      results.add(contestant, Figure.KERNEL_MICROS, saturated.kernelMicros());
      results.add(contestant, Figure.MESSAGES_PER_SECOND, saturated.perSecond());
      results.add(contestant, Figure.SERVER_CORES, saturated.serverCores());
      results.add(contestant, Figure.LOAD_CPU_MICROS, ownMicros);
      results.add(contestant, Figure.CPU_MICROS_AT_RATE, cpuAtRate);
      results.add(contestant, Figure.P50_MILLIS, latencies.percentile(0.5));
      results.add(contestant, Figure.P99_MILLIS, latencies.percentile(0.99));
      say(
          "round %d, %s: %.1f us of CPU per message, p99 %.2f ms",
          round, contestant.key(), saturated.cpuMicros(), latencies.percentile(0.99));
    }
  }

  private void measureMemory(Contestant contestant, int round) {
    try (ServerProcess server = ServerProcess.start(contestant);
        Load load = new Load(server.port())) {
      results.name(contestant, server.name());
      warmUpForMemory(server);
      load.stayIdle(Duration.ofSeconds(1));
      long before = server.residentBytes();
      load.connect(plan.idleSockets());
      load.stayIdle(plan.settle());
      long idle = server.residentBytes();
      double each = (double) (idle - before) / plan.idleSockets();
      results.add(contestant, Figure.BYTES_PER_IDLE_SOCKET, each);
      results.add(contestant, Figure.MEGABYTES_BEFORE, (double) before / MEGABYTE);
      results.add(contestant, Figure.MEGABYTES_IDLE, (double) idle / MEGABYTE);
      say("round %d, %s: %.0f bytes per idle socket", round, contestant.key(), each);
    }
  }

  private static void warmUpForMemory(ServerProcess server) {
    try (Load warmUp = new Load(server.port())) {
      warmUp.connect(MEMORY_WARM_UP_SOCKETS);
      warmUp.saturate(
          MEMORY_WARM_UP_SOCKETS / 4, MEMORY_WARM_UP_MESSAGES, 0, Duration.ZERO, server::cpuTime);
      warmUp.drain();
    }
  }

  private static long ownCpuNanos() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
  }

  private static void say(String format, Object... values) {
    System.err.printf(Locale.ROOT, "bench: " + format + "%n", values);
  }
}
