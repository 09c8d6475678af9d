package kith.turn.net.command;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Optional;
import kith.turn.net.GracefulStop;
import kith.turn.net.TurnOptions;
import kith.turn.net.TurnServer;

/** A server as a command line asks for it, with what watches it. */
public final class StandaloneServer implements AutoCloseable {
  private final TurnServer server;
  private final Optional<AllocationLog> log;
  private final Optional<MetricsPort> metrics;

  /**
   * Starts it, and prints where it is.
   *
   * @throws IOException saying what could not be had
   */
  public StandaloneServer(CommandLine line, PrintStream out) throws IOException {
    log = line.logsAllocations() ? Optional.of(new AllocationLog(out)) : Optional.empty();
    TurnOptions options = log.isPresent() ? line.options().withEvents(log.get()) : line.options();
    server = TurnServer.start(options);
    try {
      metrics =
          line.metricsPort().isPresent()
              ? Optional.of(new MetricsPort(server, line.metricsPort().getAsInt()))
              : Optional.empty();
    } catch (IOException e) {
      server.close();
      throw e;
    }
    if (line.drain().isPositive()) {
      GracefulStop.onTerminate(server, line.drain(), line.drainAllocations());
    }
    metrics.ifPresent(port -> out.println("metrics at " + port.url()));
    String ports = server.ports().stream().map(String::valueOf).collect(joining(", "));
    out.println("STUN and TURN on port " + ports);
  }

  /** Ends every allocation; their last lines are printed. */
  @Override
  public void close() {
    metrics.ifPresent(MetricsPort::close);
    server.close();
    log.ifPresent(AllocationLog::close);
  }
}
