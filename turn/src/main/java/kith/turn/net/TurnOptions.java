package kith.turn.net;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import kith.turn.Credentials;
import kith.turn.IpRange;
import kith.turn.Lifetimes;
import kith.turn.Limits;
import kith.turn.PeerPolicy;
import kith.turn.TurnEvent;
import kith.turn.TurnSettings;

/**
 * What a {@link TurnServer} is told. Begin with {@link #defaults} and change what differs: each
 * {@code with...} makes another, and throws IllegalArgumentException for what cannot be.
 */
public final class TurnOptions implements Cloneable {
  /** How many connections there may be in all, unless {@link #withConnections} says otherwise. */
  public static final int CONNECTIONS = 10_000;

  /** The same from one IP address. */
  public static final int CONNECTIONS_PER_ADDRESS = 256;

  private static final int MOST_PORTS = 8;

  private List<InetAddress> listen = List.of();
  private int port = 3478;
  private List<Integer> furtherPorts = List.of();
  private Set<Integer> udpOnly = Set.of();
  private OptionalInt discoveryPort = OptionalInt.empty();
  private Optional<TlsOptions> tls = Optional.empty();
  private String realm = "turn";
  private List<String> secrets = List.of();
  private Map<String, String> users = Map.of();
  private int firstRelayPort = 49152;
  private int lastRelayPort = 65535;
  private Optional<InetAddress> externalAddress = Optional.empty();
  private Map<InetAddress, InetAddress> externalAddresses = Map.of();
  private PeerPolicy peers = PeerPolicy.standard();
  private List<IpRange> proxies = List.of();
  private boolean tcpRelays = true;
  private boolean mobility = true;
  private Limits limits = Limits.standard();
  private Lifetimes lifetimes = Lifetimes.standard();
  private int connections = CONNECTIONS;
  private int connectionsPerAddress = CONNECTIONS_PER_ADDRESS;
  private Duration frameTime = Duration.ofSeconds(10);
  private Duration idleTime = Duration.ofSeconds(30);
  private int loops;
  private EngineKind engine = EngineKind.AUTO;
  private boolean coalescing = true;
  private Consumer<TurnEvent> events = event -> {};

  private TurnOptions() {}

  public static TurnOptions defaults() {
    return new TurnOptions();
  }

  private TurnOptions with(Consumer<TurnOptions> change) {
    try {
      TurnOptions changed = (TurnOptions) clone();
      change.accept(changed);
      return changed;
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }

  private static void check(boolean condition, String otherwise) {
    if (!condition) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  private static void checkPort(String name, int port) {
    check(port >= 0 && port <= 65535, "the " + name + " must be within 0-65535, got " + port);
  }

  /**
   * The addresses to listen on and relay from; none means every address of this machine, as it gets
   * and loses them.
   */
  public TurnOptions withListen(InetAddress... addresses) {
    return with(changed -> changed.listen = List.of(addresses));
  }

  /**
   * UDP and TCP alike, 3478 by default; 0 for any free port. Further ones serve the same, for
   * clients in networks that let out, say, port 443 only.
   */
  public TurnOptions withPort(int value, int... further) {
    List<Integer> all =
        IntStream.concat(IntStream.of(value), IntStream.of(further)).boxed().toList();
    all.forEach(one -> checkPort("port", one));
    check(all.size() <= MOST_PORTS, "there may be " + MOST_PORTS + " ports, got " + all.size());
    List<Integer> named = all.stream().filter(one -> one != 0).toList();
    check(Set.copyOf(named).size() == named.size(), "a port is given twice: " + all);
    return with(
        changed -> {
          changed.port = value;
          changed.furtherPorts = all.subList(1, all.size());
        });
  }

  /**
   * Of which of these ports TCP is left alone: another part of the program listens there, and may
   * have the server {@link TurnServer#adopt} what is TURN's.
   */
  public TurnOptions withUdpOnly(Set<Integer> ports) {
    Set<Integer> copy = Set.copyOf(ports);
    check(!copy.contains(0), "which port is to be UDP only must be known");
    return with(changed -> changed.udpOnly = copy);
  }

  /**
   * A second UDP port, for NAT behaviour discovery (RFC 5780), which needs two listening addresses
   * of a family, too; 0 for any free one.
   */
  public TurnOptions withDiscoveryPort(int value) {
    checkPort("discovery port", value);
    return with(changed -> changed.discoveryPort = OptionalInt.of(value));
  }

  /** TURN over TLS, absent by default. */
  public TurnOptions withTls(TlsOptions value) {
    return with(changed -> changed.tls = Optional.of(value));
  }

  /** The realm of the long-term credentials. */
  public TurnOptions withRealm(String value) {
    check(!value.isBlank() && value.length() <= 128, "the realm must have 1 to 128 characters");
    return with(changed -> changed.realm = value);
  }

  /**
   * The secrets of time-limited credentials ({@link Credentials}), several at once while they are
   * rotated.
   */
  public TurnOptions withSecrets(String... values) {
    check(Stream.of(values).noneMatch(String::isEmpty), "a secret must not be empty");
    return with(changed -> changed.secrets = List.of(values));
  }

  /** Static users. */
  public TurnOptions withUsers(Map<String, String> nameToPassword) {
    Map<String, String> copy = Map.copyOf(nameToPassword);
    return with(changed -> changed.users = copy);
  }

  /** The ports that relayed addresses are made of, the last one inclusive. */
  public TurnOptions withRelayPorts(int first, int last) {
    check(
        first >= 1 && last <= 65535 && first <= last,
        "relay ports must be a range within 1-65535, got " + first + "-" + last);
    return with(
        changed -> {
          changed.firstRelayPort = first;
          changed.lastRelayPort = last;
        });
  }

  /**
   * What clients are told in place of the address relayed from, behind a 1:1 NAT. Such a NAT leads
   * to one address: to the one of its family that the server listens on, or of several to the one
   * that the route to the outside leaves from.
   */
  public TurnOptions withExternalAddress(InetAddress value) {
    return with(changed -> changed.externalAddress = Optional.of(value));
  }

  /** The same for this one of several addresses, once for each that has a NAT before it. */
  public TurnOptions withExternalAddress(InetAddress local, InetAddress value) {
    check(
        local.getClass() == value.getClass(),
        "an external address and the one behind it must be of one family");
    Map<InetAddress, InetAddress> more = new HashMap<>(externalAddresses);
    more.put(local, value);
    check(
        Set.copyOf(more.values()).size() == more.size(),
        "the external address " + value.getHostAddress() + " leads to one address only");
    return with(changed -> changed.externalAddresses = Map.copyOf(more));
  }

  /** Ranges allowed and denied, over the safe defaults. */
  public TurnOptions withPeers(PeerPolicy value) {
    return with(changed -> changed.peers = value);
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

  /**
   * The addresses of proxies before TCP and TLS. What comes from there has to begin with a header
   * of the PROXY protocol, version 1 or 2, and is taken for who that names; from nowhere else is
   * one understood.
   */
  public TurnOptions withProxies(String... ranges) {
    return with(changed -> changed.proxies = plus(List.of(), ranges));
  }

  /** Whether clients of streams may relay TCP (RFC 6062), as is the default. */
  public TurnOptions withTcpRelays(boolean value) {
    return with(changed -> changed.tcpRelays = value);
  }

  /**
   * Whether an allocation may follow its client to another address (RFC 8016), as is the default.
   */
  public TurnOptions withMobility(boolean value) {
    return with(changed -> changed.mobility = value);
  }

  /** How much is too much. */
  public TurnOptions withLimits(Limits value) {
    return with(changed -> changed.limits = value);
  }

  /** How long things last. */
  public TurnOptions withLifetimes(Lifetimes value) {
    return with(changed -> changed.lifetimes = value);
  }

  /** How many TCP and TLS connections there may be, in all and from one IP address. */
  public TurnOptions withConnections(int inAll, int perAddress) {
    check(inAll >= 1 && perAddress >= 1, "connection limits must be 1 at least");
    return with(
        changed -> {
          changed.connections = inAll;
          changed.connectionsPerAddress = perAddress;
        });
  }

  /**
   * @param frame how long a frame of a stream may take from its first byte to its last, and a TLS
   *     handshake
   * @param idle how long a connection may stay that has no allocation and says nothing
   */
  public TurnOptions withPatience(Duration frame, Duration idle) {
    check(frame.isPositive() && idle.isPositive(), "times must be positive");
    return with(
        changed -> {
          changed.frameTime = frame;
          changed.idleTime = idle;
        });
  }

  /** Threads that each own their listeners and allocations; 0 for one per core. */
  public TurnOptions withLoops(int value) {
    check(value >= 0 && value <= 256, "loops must be 0 (one per core) to 256, got " + value);
    return with(changed -> changed.loops = value);
  }

  /** How datagrams are read and written. */
  public TurnOptions withEngine(EngineKind value) {
    return with(changed -> changed.engine = value);
  }

  /**
   * Whether a loop lets packets gather for 0.15 milliseconds while more than about 20,000 come per
   * second: a third less CPU per packet for that much latency; never while they come slower.
   */
  public TurnOptions withCoalescing(boolean value) {
    return with(changed -> changed.coalescing = value);
  }

  /** Told of each allocation's begin and end, on a loop's thread: it must not block. */
  public TurnOptions withEvents(Consumer<TurnEvent> value) {
    return with(changed -> changed.events = value);
  }

  List<InetAddress> listen() {
    return listen;
  }

  int port() {
    return port;
  }

  List<Integer> furtherPorts() {
    return furtherPorts;
  }

  Set<Integer> udpOnly() {
    return udpOnly;
  }

  OptionalInt discoveryPort() {
    return discoveryPort;
  }

  Optional<TlsOptions> tls() {
    return tls;
  }

  String realm() {
    return realm;
  }

  Credentials credentials() {
    return new Credentials(
        realm,
        secrets.stream().map(secret -> secret.getBytes(StandardCharsets.UTF_8)).toList(),
        users);
  }

  int firstRelayPort() {
    return firstRelayPort;
  }

  int lastRelayPort() {
    return lastRelayPort;
  }

  Optional<InetAddress> externalAddress() {
    return externalAddress;
  }

  /** What is told in place of which address, where it was said. */
  Map<InetAddress, InetAddress> externalAddresses() {
    return externalAddresses;
  }

  PeerPolicy peers() {
    return peers;
  }

  List<IpRange> proxies() {
    return proxies;
  }

  /** What concerns the core alone. */
  TurnSettings settings() {
    return new TurnSettings(
        realm, credentials(), peers(), lifetimes(), limits, mobility, tcpRelays);
  }

  boolean tcpRelays() {
    return tcpRelays;
  }

  boolean mobility() {
    return mobility;
  }

  Limits limits() {
    return limits;
  }

  Lifetimes lifetimes() {
    return lifetimes;
  }

  int connections() {
    return connections;
  }

  int connectionsPerAddress() {
    return connectionsPerAddress;
  }

  Duration frameTime() {
    return frameTime;
  }

  Duration idleTime() {
    return idleTime;
  }

  int loops() {
    return loops;
  }

  EngineKind engine() {
    return engine;
  }

  boolean coalescing() {
    return coalescing;
  }

  Consumer<TurnEvent> events() {
    return events;
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
}
