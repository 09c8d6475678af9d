package kith.bench.signaling;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What is measured, and for how long.
 *
 * @param rounds how often each server is measured, in turns
 * @param servers who takes part, by key
 * @param sockets connected while messages are relayed; an even number
 * @param window messages in flight while the server is saturated
 * @param rate messages per second while latency is measured
 * @param warmUp messages at saturation before anything is counted
 * @param counted messages at saturation that are measured, at least
 * @param saturated how long at saturation, at least
 * @param atRate how long at the fixed rate
 * @param idleSockets connected while memory is measured; 0 leaves memory out
 * @param settle from the last connect until memory is read
 * @param serverCore the core the server is pinned to; negative for none
 * @param javaFlags options for both JVM servers
 * @param javaOptions more options for Kith's JVM, to profile it
 */
record Plan(
    int rounds,
    List<String> servers,
    int sockets,
    int window,
    int rate,
    int warmUp,
    int counted,
    Duration saturated,
    Duration atRate,
    int idleSockets,
    Duration settle,
    int serverCore,
    List<String> javaFlags,
    List<String> javaOptions) {

  static final String USAGE =
      """
      ./kith bench signaling [OPTION...]
        --quick             one short round: about a minute
        --rounds N          rounds, 1 to 20 (3)
        --servers A,B       who takes part: node, netty-socketio, kith (all)
        --sockets N         sockets that relay, in pairs (2000)
        --window N          messages in flight at saturation (500)
        --warm-up N         messages at saturation before any is counted (250000)
        --rate N            messages per second while latency is measured (2000)
        --seconds N         of each measured phase, 1 to 300 (8)
        --idle-sockets N    sockets while memory is measured (10000); 0 leaves memory out
        --memory-only       measure memory alone
        --java-options S    more options for Kith's JVM, separated by spaces
        --help              this
      """;

  /** Longer than the heartbeat's interval, so that each socket has answered a ping. */
  private static final Duration FULL_SETTLE = Duration.ofSeconds(28);

  private static final Duration QUICK_SETTLE = Duration.ofSeconds(4);

  /**
   * Reads the command line.
   *
   * @throws IllegalArgumentException with what is wrong with it
   */
  static Plan parse(List<String> javaFlags, int serverCore, List<String> args) {
    boolean quick = args.contains("--quick");
    boolean memoryOnly = args.contains("--memory-only");
    List<String> servers = List.of(Contestant.NODE, Contestant.NETTY_SOCKETIO, Contestant.KITH);
    List<String> javaOptions = List.of();
    int rounds = quick ? 1 : 3;
    int seconds = quick ? 3 : 8;
    int sockets = 2_000;
    int window = 500;
    int warmUp = quick ? 150_000 : 250_000;
    int rate = 2_000;
    int idleSockets = 10_000;
    List<String> words = new ArrayList<>(args);
    while (!words.isEmpty()) {
      String option = words.removeFirst();
      if (option.equals("--quick") || option.equals("--memory-only")) {
        continue;
      }
      if (words.isEmpty()) {
        throw new IllegalArgumentException("no option, or one without its value: " + option);
      }
      String value = words.removeFirst();
      switch (option) {
        case "--rounds" -> rounds = number(option, value, 1, 20);
        case "--servers" -> servers = known(List.of(value.split(",")), servers);
        case "--sockets" -> sockets = 2 * (number(option, value, 2, 20_000) / 2);
        case "--window" -> window = number(option, value, 1, 20_000);
        case "--warm-up" -> warmUp = number(option, value, 1, 10_000_000);
        case "--rate" -> rate = number(option, value, 1, 100_000);
        case "--seconds" -> seconds = number(option, value, 1, 300);
        case "--idle-sockets" -> idleSockets = number(option, value, 0, 60_000);
        case "--java-options" -> javaOptions = List.of(value.split(" +"));
        default -> throw new IllegalArgumentException("there is no option " + option);
      }
    }
    return new Plan(
        rounds,
        servers,
        memoryOnly ? 0 : sockets,
        Math.min(window, sockets),
        rate,
        warmUp,
        quick ? 20_000 : 100_000,
        Duration.ofSeconds(seconds),
        Duration.ofSeconds(seconds),
        idleSockets,
        quick ? QUICK_SETTLE : FULL_SETTLE,
        serverCore,
        javaFlags,
        javaOptions);
  }

  private static List<String> known(List<String> named, List<String> all) {
    for (String name : named) {
      if (!all.contains(name)) {
        throw new IllegalArgumentException("there is no server " + name + ", only " + all);
      }
    }
    return named;
  }

  private static int number(String option, String value, int min, int max) {
    try {
      int number = Integer.parseInt(value);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException notOne) {
      // Said below.
    }
    throw new IllegalArgumentException(
        option + " takes a number from " + min + " to " + max + ", not " + value);
  }
}
