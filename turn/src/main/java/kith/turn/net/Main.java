package kith.turn.net;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** The server in one command: {@code java -cp kith-turn.jar kith.turn.net.Main --secret SECRET}. */
public final class Main {
  private static final String USAGE =
      """
      usage: turn [option value]...
        --port PORT                UDP and TCP (3478)
        --discovery-port PORT      a second port, for NAT behaviour discovery (with two --listen)
        --listen ADDRESS           once for each; every address of this machine when not given
        --secret SECRET            of time-limited credentials, once for each
        --user NAME:PASSWORD       a static user, once for each
        --realm REALM              (turn)
        --relay-ports FIRST-LAST   (49152-65535)
        --external ADDRESS[/LOCAL] what clients are told, behind a 1:1 NAT; with LOCAL once for each listening address
        --allow RANGE              peers that may be reached although they would be denied, once for each
        --deny RANGE               peers that may not be reached, once for each
        --tls PORT,CHAIN,KEY       TURN over TLS with these PEM files
        --refusals COUNT           error replies a second to one address that proved nothing (100)
        --tcp-relays no            no relaying of TCP (RFC 6062)
        --loops COUNT              threads (one per core)
        --engine KIND              how datagrams are moved: auto, io_uring, mmsg or nio (auto)
      """;

  private Main() {}

  public static void main(String[] arguments) throws InterruptedException {
    if (Arrays.asList(arguments).contains("--help")) {
      System.out.println(USAGE);
      return;
    }
    TurnOptions options;
    try {
      options = parse(Arrays.asList(arguments));
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage() + "\n\n" + USAGE);
      System.exit(2);
      return;
    }
    try {
      TurnServer server = TurnServer.start(options);
      Runtime.getRuntime().addShutdownHook(new Thread(server::close, "turn-close"));
      System.out.println("STUN and TURN on port " + server.port());
      new CountDownLatch(1).await();
    } catch (IOException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }

  static TurnOptions parse(List<String> arguments) {
    TurnOptions options = TurnOptions.defaults();
    List<InetAddress> listen = new ArrayList<>();
    List<String> secrets = new ArrayList<>();
    Map<String, String> users = new HashMap<>();
    for (Iterator<String> words = arguments.iterator(); words.hasNext(); ) {
      String name = words.next();
      if (!words.hasNext()) {
        throw new IllegalArgumentException(name + " needs a value");
      }
      String value = words.next();
      switch (name) {
        case "--port" -> options = options.withPort(number(name, value));
        case "--discovery-port" -> options = options.withDiscoveryPort(number(name, value));
        case "--listen" -> listen.add(InetAddress.ofLiteral(value));
        case "--secret" -> secrets.add(value);
        case "--user" -> users.put(split(name, value, ":", 2)[0], split(name, value, ":", 2)[1]);
        case "--realm" -> options = options.withRealm(value);
        case "--relay-ports" -> {
          String[] ends = split(name, value, "-", 2);
          options = options.withRelayPorts(number(name, ends[0]), number(name, ends[1]));
        }
        case "--external" -> options = external(options, value);
        case "--allow" -> options = options.allowing(value);
        case "--deny" -> options = options.denying(value);
        case "--tls" -> {
          String[] parts = split(name, value, ",", 3);
          options =
              options.withTls(
                  new TlsOptions(number(name, parts[0]), Path.of(parts[1]), Path.of(parts[2])));
        }
        case "--refusals" ->
            options = options.withLimits(options.limits().withRefusals(number(name, value)));
        case "--tcp-relays" -> options = options.withTcpRelays(!value.equals("no"));
        case "--engine" -> options = options.withEngine(engine(value));
        case "--loops" -> options = options.withLoops(number(name, value));
        default -> throw new IllegalArgumentException("unknown option " + name);
      }
    }
    if (secrets.isEmpty() && users.isEmpty()) {
      throw new IllegalArgumentException("nobody could use it: give a --secret or a --user");
    }
    return options
        .withListen(listen.toArray(new InetAddress[0]))
        .withSecrets(secrets.toArray(new String[0]))
        .withUsers(users);
  }

  private static TurnOptions external(TurnOptions options, String value) {
    int slash = value.indexOf('/');
    return slash < 0
        ? options.withExternalAddress(InetAddress.ofLiteral(value))
        : options.withExternalAddress(
            InetAddress.ofLiteral(value.substring(slash + 1)),
            InetAddress.ofLiteral(value.substring(0, slash)));
  }

  private static EngineKind engine(String value) {
    return Arrays.stream(EngineKind.values())
        .filter(kind -> kind.option().equals(value))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "--engine is auto, io_uring, mmsg or nio, not \"" + value + "\""));
  }

  private static int number(String name, String value) {
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + " needs a number, not \"" + value + "\"", e);
    }
  }

  private static String[] split(String name, String value, String by, int parts) {
    String[] found = value.split(by, parts);
    if (found.length != parts) {
      throw new IllegalArgumentException(
          name + " needs " + parts + " parts with \"" + by + "\" between them");
    }
    return found;
  }
}
