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
    Optional<String> jwtSecret,
    Optional<Issuer> issuer,
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

  /**
   * Someone else who signs people in.
   *
   * @param keys where its public keys are
   * @param name its tokens' {@code iss}
   * @param audience what is in their {@code aud}
   */
  public record Issuer(URI keys, String name, Optional<String> audience) {}

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

  /**
   * The embedded relay's ports and addresses, or the URLs of another.
   *
   * @param hosts the addresses to listen on; none for every address of this machine
   * @param secrets the first signs, all are accepted
   * @param engine auto, io_uring, mmsg or nio
   * @param proxies before TCP and TLS, which speak the PROXY protocol
   * @param drain how long a stop waits for relayed calls to end
   * @param drainAllocations how many allocations it does not wait for
   */
  public record Turn(
      List<InetAddress> hosts,
      TurnPorts ports,
      int tlsPort,
      PortRange relayPorts,
      List<ExternalIp> externalIps,
      List<String> secrets,
      List<String> urls,
      String engine,
      TurnLimits limits,
      TurnPeers peers,
      List<AddressRange> proxies,
      Duration drain,
      int drainAllocations) {
    /** Whether an external relay is used instead of the embedded one. */
    public boolean isExternal() {
      return !urls.isEmpty();
    }
  }

  /**
   * Where the embedded relay listens for UDP and TCP.
   *
   * @param all the main one first
   * @param udpOnly those whose TCP is the HTTP port's
   */
  public record TurnPorts(List<Integer> all, Set<Integer> udpOnly) {}

  /** What is too much for the embedded relay; 0 Mbit/s is no limit. */
  public record TurnLimits(
      int allocations, int allocationsPerUser, int mbitPerAllocation, int mbitInAll) {}

  /** What the embedded relay may send to over its safe defaults, and may not. */
  public record TurnPeers(List<AddressRange> allowed, List<AddressRange> denied) {}

  /** How long a call may stay in the states that do not last. */
  public record CallTimes(Duration ring, Duration connect, Duration grace) {}
}
