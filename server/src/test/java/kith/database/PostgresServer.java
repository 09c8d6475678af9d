package kith.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A real PostgreSQL for the whole test run, in a folder of its own, started at its first use and
 * stopped with the JVM.
 */
public final class PostgresServer {
  private static final int START_SECONDS = 60;
  private static final long LOOK_NANOS = 20_000_000;

  /** Another program may be quicker at a port that was free. */
  private static final int PORTS_TRIED = 5;

  private static final String MISSING = "PostgreSQL is missing: apt-get install postgresql";
  private static final AtomicInteger databases = new AtomicInteger();

  private final int port;

  private PostgresServer(int port) {
    this.port = port;
  }

  /** The URL of a new, empty database, as KITH_DATABASE_URL takes it. */
  public static URI newDatabase() {
    return Running.SERVER.create("kith" + databases.incrementAndGet());
  }

  private URI create(String name) {
    try (var connection = DriverManager.getConnection(jdbc("postgres"), "kith", "");
        var statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
    return URI.create("postgresql://kith@127.0.0.1:" + port + "/" + name);
  }

  private String jdbc(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
  }

  /** Started by the class loader, once. */
  private static final class Running {
    static final PostgresServer SERVER = start();

    private static PostgresServer start() {
      try {
        Path folder = Files.createTempDirectory("kith-postgres");
        Path data = folder.resolve("data");
        if (isRoot()) {
          run(List.of("chown", "postgres", folder.toString()));
        }
        run(
            asPostgres(
                "initdb",
                "-D",
                data.toString(),
                "-U",
                "kith",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--no-locale",
                "--no-sync"));
        Optional<PostgresServer> started = Optional.empty();
        for (int tried = 0; started.isEmpty() && tried < PORTS_TRIED; tried++) {
          started = startOn(freePort(), folder, data);
        }
        return started.orElseThrow(() -> new IllegalStateException(said(folder)));
      } catch (IOException failure) {
        throw new IllegalStateException(failure);
      }
    }

    /** Empty if it ended by itself. */
    private static Optional<PostgresServer> startOn(int port, Path folder, Path data)
        throws IOException {
      Process server =
          new ProcessBuilder(
                  asPostgres(
                      "postgres",
                      "-D",
                      data.toString(),
                      "-p",
                      "" + port,
                      "-h",
                      "127.0.0.1",
                      "-c",
                      "unix_socket_directories=",
                      "-c",
                      "fsync=off"))
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("log").toFile())
              .start();
      PostgresServer started = new PostgresServer(port);
      Thread stop = new Thread(() -> stop(server, folder));
      Runtime.getRuntime().addShutdownHook(stop);
      if (started.isReady(server, folder)) {
        return Optional.of(started);
      }
      Runtime.getRuntime().removeShutdownHook(stop);
      return Optional.empty();
    }

    private static void stop(Process server, Path folder) {
      server.descendants().forEach(ProcessHandle::destroy);
      server.destroy();
      try {
        server.waitFor(10, TimeUnit.SECONDS);
        run(List.of("rm", "-rf", folder.toString()));
      } catch (InterruptedException interrupted) {
        server.destroyForcibly();
      }
    }

    private static List<String> asPostgres(String program, String... arguments) {
      List<String> command = new ArrayList<>();
      if (isRoot()) {
        command.addAll(
            List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
      }
      command.add(binaries().resolve(program).toString());
      command.addAll(List.of(arguments));
      return command;
    }

    private static Path binaries() {
      try (Stream<Path> versions = Files.list(Path.of("/usr/lib/postgresql"))) {
        return versions
            .map(version -> version.resolve("bin"))
            .filter(folder -> Files.isExecutable(folder.resolve("initdb")))
            .max(Comparator.naturalOrder())
            .orElseThrow(() -> new IllegalStateException(MISSING));
      } catch (IOException missing) {
        throw new IllegalStateException(MISSING, missing);
      }
    }

    private static boolean isRoot() {
      return System.getProperty("user.name").equals("root");
    }

    private static int freePort() throws IOException {
      try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      }
    }

    private static void run(List<String> command) {
      try {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
          throw new IllegalStateException(command + " failed: " + output);
        }
      } catch (IOException | InterruptedException failure) {
        throw new IllegalStateException(command + " failed", failure);
      }
    }
  }

  /** Waits until it is; false if the process ended. */
  private boolean isReady(Process server, Path folder) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (server.isAlive()) {
      try (var ready = DriverManager.getConnection(jdbc("postgres"), "kith", "")) {
        // Whatever else has the port by now is not this one.
        return server.isAlive();
      } catch (SQLException notYet) {
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException(said(folder), notYet);
        }
        LockSupport.parkNanos(LOOK_NANOS);
      }
    }
    return false;
  }

  private static String said(Path folder) {
    try {
      return "PostgreSQL did not start: " + Files.readString(folder.resolve("log"));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
