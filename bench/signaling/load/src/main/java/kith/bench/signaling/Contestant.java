package kith.bench.signaling;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A server that takes part.
 *
 * @param key what the command line calls it
 */
record Contestant(String key, List<String> command, Map<String, String> environment) {
  static final String KITH = "kith";
  static final String NODE = "node";
  static final String NETTY_SOCKETIO = "netty-socketio";

  /**
   * All there are, in the order of the table.
   *
   * @param home the folder of this benchmark
   */
  static List<Contestant> all(Path home, Plan plan) {
    return List.of(
        new Contestant(
            NODE,
            pinned(plan, List.of("node", home.resolve("servers/node/relay.js").toString())),
            Map.of("NODE_ENV", "production")),
        new Contestant(
            NETTY_SOCKETIO,
            pinned(
                plan,
                java(
                    plan,
                    home,
                    NETTY_SOCKETIO,
                    "kith.bench.signaling.netty.NettySocketIoRelay",
                    List.of())),
            Map.of()),
        new Contestant(
            KITH,
            pinned(
                plan,
                java(
                    plan, home, KITH, "kith.bench.signaling.server.KithRelay", plan.javaOptions())),
            Map.of()));
  }

  private static List<String> java(
      Plan plan, Path home, String folder, String main, List<String> options) {
    Path target = home.resolve("servers").resolve(folder).resolve("target");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(plan.javaFlags());
    command.addAll(options);
    command.addAll(
        List.of("-cp", target.resolve("classes") + ":" + target.resolve("lib") + "/*", main));
    return command;
  }

  private static List<String> pinned(Plan plan, List<String> command) {
    if (plan.serverCore() < 0) {
      return command;
    }
    List<String> pinned =
        new ArrayList<>(List.of("taskset", "-c", Integer.toString(plan.serverCore())));
    pinned.addAll(command);
    return pinned;
  }
}
