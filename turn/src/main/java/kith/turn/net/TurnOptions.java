package kith.turn.net;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.Stream;
import kith.turn.Credentials;
import kith.turn.IpRange;
import kith.turn.Lifetimes;
import kith.turn.Limits;
import kith.turn.PeerPolicy;
import kith.turn.TurnEvent;

/**
 * What a {@link TurnServer} is told. Begin with {@link #defaults} and change what differs.
 *
 * @param listen the addresses to listen on and relay from; none means every address of this
 *     machine, also those it gets later
 * @param port UDP and TCP alike, 3478 by default; 0 for any free port
 * @param discoveryPort a second UDP port, for NAT behaviour discovery (RFC 5780), which needs two
 *     listening addresses of a family, too
 * @param tls TURN over TLS, absent by default
 * @param realm of the long-term credentials
 * @param secrets of time-limited credentials ({@link Credentials}), several at once while they are
 *     rotated
 * @param users static users: name to password
 * @param firstRelayPort the first port that relayed addresses are made of
 * @param lastRelayPort the last one, inclusive
 * @param externalAddress what clients are told in place of the address relayed from, behind a 1:1
 *     NAT
 * @param peers ranges allowed and denied, over the safe defaults
 * @param limits how much is too much
 * @param lifetimes how long things last
 * @param connections TCP and TLS connections in all
 * @param connectionsPerAddress the same from one IP address
 * @param frameTime how long a frame of a stream may take from its first byte to its last, and a TLS
 *     handshake
 * @param idleTime how long a connection may stay that has no allocation and says nothing
 * @param loops threads that each own their listeners and allocations; 0 for one per core
 * @param engine how datagrams are read and written
 * @param coalescing whether a loop lets packets gather for 0.15 milliseconds while more than about
 *     20,000 come per second: a third less CPU per packet for that much latency; never while they
 *     come slower
 * @param events told of each allocation's begin and end, on a loop's thread: it must not block
 */
public record TurnOptions(
    List<InetAddress> listen,
    int port,
    OptionalInt discoveryPort,
    Optional<TlsOptions> tls,
    String realm,
    List<String> secrets,
    Map<String, String> users,
    int firstRelayPort,
    int lastRelayPort,
    Optional<InetAddress> externalAddress,
    PeerPolicy peers,
    Limits limits,
    Lifetimes lifetimes,
    int connections,
    int connectionsPerAddress,
    Duration frameTime,
    Duration idleTime,
    int loops,
    EngineKind engine,
    boolean coalescing,
    Consumer<TurnEvent> events) {

  public TurnOptions {
    listen = List.copyOf(listen);
    secrets = List.copyOf(secrets);
    users = Map.copyOf(users);
    check(port >= 0 && port <= 65535, "the port must be within 0-65535, got " + port);
    int other = discoveryPort.orElse(0);
    check(other >= 0 && other <= 65535, "the discovery port must be within 0-65535, got " + other);
    check(
        firstRelayPort >= 1 && lastRelayPort <= 65535 && firstRelayPort <= lastRelayPort,
        "relay ports must be a range within 1-65535, got " + firstRelayPort + "-" + lastRelayPort);
    check(!realm.isBlank() && realm.length() <= 128, "the realm must have 1 to 128 characters");
    check(secrets.stream().noneMatch(String::isEmpty), "a secret must not be empty");
    check(connections >= 1 && connectionsPerAddress >= 1, "connection limits must be 1 at least");
    check(frameTime.isPositive() && idleTime.isPositive(), "times must be positive");
    check(loops >= 0 && loops <= 256, "loops must be 0 (one per core) to 256, got " + loops);
  }

  private static void check(boolean condition, String otherwise) {
    if (!condition) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  public static TurnOptions defaults() {
    return new TurnOptions(
        List.of(),
        3478,
        OptionalInt.empty(),
        Optional.empty(),
        "turn",
        List.of(),
        Map.of(),
        49152,
        65535,
        Optional.empty(),
        PeerPolicy.standard(),
        Limits.standard(),
        Lifetimes.standard(),
        10_000,
        256,
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        0,
        EngineKind.AUTO,
        true,
        event -> {});
  }

  public TurnOptions withListen(InetAddress... addresses) {
    return change().listen(List.of(addresses)).make();
  }

  public TurnOptions withPort(int value) {
    return change().port(value).make();
  }

  /** Serves NAT behaviour discovery on this other port as well; 0 for any free one. */
  public TurnOptions withDiscoveryPort(int value) {
    return change().discoveryPort(OptionalInt.of(value)).make();
  }

  public TurnOptions withTls(TlsOptions value) {
    return change().tls(Optional.of(value)).make();
  }

  public TurnOptions withRealm(String value) {
    return change().realm(value).make();
  }

  /** Replaces the secrets of time-limited credentials. */
  public TurnOptions withSecrets(String... values) {
    return change().secrets(List.of(values)).make();
  }

  public TurnOptions withUsers(Map<String, String> nameToPassword) {
    return change().users(nameToPassword).make();
  }

  public TurnOptions withRelayPorts(int first, int last) {
    return change().relayPorts(first, last).make();
  }

  public TurnOptions withExternalAddress(InetAddress value) {
    return change().externalAddress(Optional.of(value)).make();
  }

  public TurnOptions withPeers(PeerPolicy value) {
    return change().peers(value).make();
  }

  /**
   * Adds ranges that peers may be in although they would be denied, such as {@code
   * "192.168.0.0/16"}.
   */
  public TurnOptions allowing(String... ranges) {
    return withPeers(new PeerPolicy(plus(peers.allowed(), ranges), peers.denied()));
  }

  /** Adds ranges that no peer may be in. */
  public TurnOptions denying(String... ranges) {
    return withPeers(new PeerPolicy(peers.allowed(), plus(peers.denied(), ranges)));
  }

  private static List<IpRange> plus(List<IpRange> ranges, String... more) {
    return Stream.concat(ranges.stream(), Stream.of(more).map(IpRange::parse)).toList();
  }

  public TurnOptions withLimits(Limits value) {
    return change().limits(value).make();
  }

  public TurnOptions withLifetimes(Lifetimes value) {
    return change().lifetimes(value).make();
  }

  public TurnOptions withConnections(int inAll, int perAddress) {
    return change().connections(inAll, perAddress).make();
  }

  public TurnOptions withPatience(Duration frame, Duration idle) {
    return change().patience(frame, idle).make();
  }

  public TurnOptions withLoops(int value) {
    return change().loops(value).make();
  }

  public TurnOptions withEngine(EngineKind value) {
    return change().engine(value).make();
  }

  public TurnOptions withCoalescing(boolean value) {
    return change().coalescing(value).make();
  }

  public TurnOptions withEvents(Consumer<TurnEvent> value) {
    return change().events(value).make();
  }

  Credentials credentials() {
    return new Credentials(
        realm,
        secrets.stream().map(secret -> secret.getBytes(StandardCharsets.UTF_8)).toList(),
        users);
  }

  /** Secrets and passwords stay out of logs. */
  @Override
  public String toString() {
    return "TurnOptions[port "
        + port
        + ", realm "
        + realm
        + ", relay ports "
        + firstRelayPort
        + "-"
        + lastRelayPort
        + "]";
  }

  private TurnOptionsChange change() {
    return new TurnOptionsChange(this);
  }
}
