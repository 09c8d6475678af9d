package kith;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import kith.console.Welcome;
import kith.console.Welcome.DemoLink;
import kith.logs.Logs;
import kith.relay.RelayAddress;
import kith.settings.BadSettings;
import kith.settings.Settings;
import kith.settings.Settings.Tls;

/** Starts the server from the command line and the environment; {@link Server} puts it together. */
public final class Main {
  private static final String USAGE =
      """
      usage: kith-server [--demo] [--version] [--help]
        --demo     add a circle with two people, once, and print a link that signs in for each
        --version  print the version
      Settings are environment variables; docs/operations.md lists them.""";

  private Main() {}

  public static void main(String[] arguments) {
    Logs.prepare();
    Set<String> options = new HashSet<>(List.of(arguments));
    try {
      if (options.contains("--help")) {
        System.out.println(USAGE);
      } else if (options.contains("--version")) {
        System.out.println(Version.current());
      } else {
        run(options);
      }
    } catch (StartFailed failure) {
      for (String line : String.valueOf(failure.getMessage()).split("\n")) {
        System.err.println("kith: " + line);
      }
      System.exit(failure.kind().exitCode());
    }
  }

  private static void run(Set<String> options) throws StartFailed {
    if (!Set.of("--demo").containsAll(options)) {
      throw new StartFailed(StartFailed.Cause.BAD_OPTIONS, USAGE, null);
    }
    Settings settings = settings();
    Logs logs = logs(settings);
    Server server = Server.start(settings, InstantSource.system());
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server, logs), "stop"));
    server.drainOnTerminate();
    new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8)
        .println(welcome(settings, server, options.contains("--demo")).text(isTerminal()));
  }

  private static Settings settings() throws StartFailed {
    for (String name : Settings.unknown(System.getenv())) {
      System.err.println("kith: " + name + " is no setting of this server; misspelt?");
    }
    try {
      return Settings.read(System.getenv());
    } catch (BadSettings wrong) {
      throw new StartFailed(
          StartFailed.Cause.BAD_SETTINGS, String.valueOf(wrong.getMessage()), wrong);
    }
  }

  private static Logs logs(Settings settings) throws StartFailed {
    try {
      return Logs.open(settings.dataDir(), settings.logLevel());
    } catch (IOException unwritable) {
      throw new StartFailed(
          StartFailed.Cause.DATA_DIRECTORY,
          "the data directory cannot be written: " + settings.dataDir(),
          unwritable);
    }
  }

  private static void stop(Server server, Logs logs) {
    server.close();
    logs.close();
  }

  private static Welcome welcome(Settings settings, Server server, boolean demo) {
    boolean empty = !server.accounts().areThereAny();
    String address = Welcome.address(settings.publicUrl(), server.port());
    List<DemoLink> links =
        demo ? Demo.links(server.accounts(), server.circles(), address) : List.of();
    return new Welcome(
        Version.current(),
        server.port(),
        settings.publicUrl(),
        RelayAddress.ofThisMachine(),
        !(settings.tls() instanceof Tls.Off),
        settings.tls() instanceof Tls.SelfSigned,
        empty,
        settings.registration(),
        links);
  }

  private static boolean isTerminal() {
    return System.console() != null && System.console().isTerminal();
  }
}
