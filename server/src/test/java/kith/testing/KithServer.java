package kith.testing;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import kith.Server;
import kith.StartFailed;
import kith.settings.BadSettings;
import kith.settings.Settings;

/** The whole server on free ports, with data of its own; its people are made as they are named. */
public final class KithServer implements AutoCloseable {
  private static final AtomicInteger people = new AtomicInteger();

  private final Server server;
  private final Path dataDir;

  private KithServer(Server server, Path dataDir) {
    this.server = server;
    this.dataDir = dataDir;
  }

  public static KithServer start(String... settings) {
    return start(InstantSource.system(), settings);
  }

  /**
   * @param settings name, value, name, value
   */
  public static KithServer start(InstantSource clock, String... settings) {
    try {
      return start(clock, Files.createTempDirectory("kith-test"), settings);
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
  }

  /** Starts on that data, which is deleted in the end. */
  public static KithServer start(InstantSource clock, Path dataDir, String... settings) {
    Map<String, String> environment =
        new HashMap<>(
            Map.of(
                "KITH_HOST", "127.0.0.1",
                "KITH_PORT", "0",
                "KITH_TURN_HOST", "127.0.0.1",
                "KITH_TURN_PORT", "0",
                "KITH_DATA_DIR", dataDir.toString()));
    for (int i = 0; i < settings.length; i += 2) {
      environment.put(settings[i], settings[i + 1]);
    }
    try {
      return new KithServer(Server.start(Settings.read(environment), clock), dataDir);
    } catch (BadSettings | StartFailed failure) {
      throw new IllegalStateException(failure);
    }
  }

  public int port() {
    return server.port();
  }

  public URI url() {
    return URI.create("http://localhost:" + port());
  }

  public Path dataDir() {
    return dataDir;
  }

  /** Someone without an account. */
  public Browser stranger() {
    return new Browser(url());
  }

  /** A new person whose username begins like that. */
  public Person person(String name) {
    String username = name + people.incrementAndGet();
    String password = "correct horse " + name;
    Reply signIn = register(username, password, "displayName", name).is(201);
    return new Person(username, password, signIn, stranger());
  }

  public Reply register(String username, String password, Object... more) {
    Object[] fields = new Object[more.length + 4];
    fields[0] = "username";
    fields[1] = username;
    fields[2] = "password";
    fields[3] = password;
    System.arraycopy(more, 0, fields, 4, more.length);
    return stranger().post("/api/auth/register", fields);
  }

  public Reply signIn(String username, String password) {
    return stranger().post("/api/auth/login", "username", username, "password", password);
  }

  public Reply refresh(String refreshToken) {
    return stranger().post("/api/auth/refresh", "refreshToken", refreshToken);
  }

  /** Stops, keeping the data for another start. */
  public void stop() {
    server.close();
  }

  @Override
  public void close() {
    stop();
    try (Stream<Path> files = Files.walk(dataDir)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
  }
}
