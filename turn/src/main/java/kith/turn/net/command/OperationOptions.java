package kith.turn.net.command;

import static kith.turn.net.command.Values.number;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import kith.turn.net.EngineKind;

/** How it runs, stops and is watched. */
final class OperationOptions {
  static final List<Option> ALL =
      List.of(
          new Option(
              "--loops",
              "COUNT",
              "threads (one per core)",
              (draft, text) -> draft.change(options -> options.withLoops(number(text)))),
          new Option(
              "--engine",
              "KIND",
              "how datagrams are moved: auto, io_uring, mmsg or nio (auto)",
              (draft, text) -> draft.change(options -> options.withEngine(engine(text)))),
          new Option(
              "--drain-seconds",
              "SECONDS",
              "how long SIGTERM waits for the last allocation; a second one does not (0)",
              (draft, text) -> draft.drain = Values.seconds(text)),
          new Option(
              "--drain-allocations",
              "COUNT",
              "how many allocations SIGTERM does not wait for (0)",
              (draft, text) -> draft.drainAllocations = Values.count(text)),
          new Option(
              "--log-allocations",
              "",
              "a line for each allocation that is made, and one as it ends",
              (draft, text) -> draft.logsAllocations = true),
          new Option(
              "--metrics-port",
              "PORT",
              "metrics for Prometheus, at http://127.0.0.1:PORT/metrics",
              (draft, text) -> draft.metricsPort = OptionalInt.of(port(text))));

  private OperationOptions() {}

  private static EngineKind engine(String text) {
    return Arrays.stream(EngineKind.values())
        .filter(kind -> kind.option().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "is auto, io_uring, mmsg or nio, not \"" + text + "\""));
  }

  private static int port(String text) {
    int port = number(text);
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("needs a port within 0-65535, not " + port);
    }
    return port;
  }
}
