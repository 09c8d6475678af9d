package kith.settings;

import static java.util.stream.Collectors.toSet;

import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the operator decided, checked. */
public record Settings(
    String host,
    int port,
    Path dataDir,
    Optional<URI> publicUrl,
    Optional<Path> webDir,
    Optional<URI> databaseUrl,
    Optional<URI> clusterUrl,
    Optional<String> jwtSecret,
    Registration registration,
    Set<String> allowedOrigins,
    List<AddressRange> trustedProxies,
    MetricsAccess metrics,
    Tls tls,
    Turn turn,
    CallTimes callTimes,
    String logLevel) {

  /**
   * @param environment variables by name; an empty one counts as unset
   * @throws BadSettings naming everything that is wrong
   */
  public static Settings read(Map<String, String> environment) throws BadSettings {
    return new SettingsReader(environment).read();
  }

  /** Variables that look like settings and are none: misspelt, perhaps. */
  public static List<String> unknown(Map<String, String> environment) {
    Set<String> known = Arrays.stream(Setting.values()).map(Enum::name).collect(toSet());
    return environment.keySet().stream()
        .filter(name -> name.startsWith("KITH_") && !known.contains(name))
        .sorted()
        .toList();
  }

  /** Who may read /metrics. */
  public enum MetricsAccess {
    PRIVATE,
    PUBLIC,
    OFF
  }

  /** Whether and with what certificate the port speaks TLS beside plain HTTP. */
  public sealed interface Tls {
    record Off() implements Tls {}

    record SelfSigned() implements Tls {}

    record Files(Path certificate, Path key) implements Tls {}
  }

  /** The embedded relay's ports and addresses, or the URLs of another. */
  public record Turn(
      int port,
      int tlsPort,
      PortRange relayPorts,
      Optional<InetAddress> externalIp,
      Optional<String> secret,
      List<String> urls) {
    /** Whether an external relay is used instead of the embedded one. */
    public boolean isExternal() {
      return !urls.isEmpty();
    }
  }

  /** How long a call may stay in the states that do not last. */
  public record CallTimes(Duration ring, Duration connect, Duration grace) {}
}
