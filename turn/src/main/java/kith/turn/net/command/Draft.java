package kith.turn.net.command;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import kith.turn.Lifetimes;
import kith.turn.Limits;
import kith.turn.net.TurnOptions;

/** What the options read so far amount to: some are given more than once, some go together. */
final class Draft {
  TurnOptions options = TurnOptions.defaults();
  Limits limits = Limits.standard();
  int connections = TurnOptions.CONNECTIONS;
  int connectionsPerAddress = TurnOptions.CONNECTIONS_PER_ADDRESS;
  int lifetime = (int) (Lifetimes.standard().allocation() / 1000);
  int longestLifetime = (int) (Lifetimes.standard().allocationMost() / 1000);
  final List<InetAddress> listen = new ArrayList<>();
  final List<String> proxies = new ArrayList<>();
  final List<String> secrets = new ArrayList<>();
  final Map<String, String> users = new HashMap<>();
  Duration drain = Duration.ZERO;
  int drainAllocations;
  OptionalInt metricsPort = OptionalInt.empty();
  boolean logsAllocations;

  void change(UnaryOperator<TurnOptions> how) {
    options = how.apply(options);
  }

  CommandLine finished() {
    if (secrets.isEmpty() && users.isEmpty()) {
      throw new IllegalArgumentException(
          "nobody could use it: give a --secret-file, a --secret, a --user-file or a --user");
    }
    return new CommandLine(
        options
            .withListen(listen.toArray(InetAddress[]::new))
            .withProxies(proxies.toArray(String[]::new))
            .withSecrets(secrets.toArray(String[]::new))
            .withUsers(users)
            .withLimits(limits)
            .withLifetimes(lifetimes())
            .withConnections(connections, connectionsPerAddress),
        drain,
        drainAllocations,
        metricsPort,
        logsAllocations);
  }

  private Lifetimes lifetimes() {
    Lifetimes standard = Lifetimes.standard();
    return new Lifetimes(
        lifetime * 1000L,
        longestLifetime * 1000L,
        standard.permission(),
        standard.channel(),
        standard.channelQuiet(),
        standard.nonce(),
        standard.reservation());
  }
}
