package kith.turn.world;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import kith.turn.Command;
import kith.turn.Counters.Count;
import kith.turn.Counters.Traffic;
import kith.turn.Credentials;
import kith.turn.Flow;
import kith.turn.Forward;
import kith.turn.Lifetimes;
import kith.turn.Limits;
import kith.turn.Listener;
import kith.turn.PeerConnection;
import kith.turn.PeerPolicy;
import kith.turn.Relay;
import kith.turn.RelayHost;
import kith.turn.Transport;
import kith.turn.TurnCore;
import kith.turn.TurnEvent;
import kith.turn.TurnSettings;
import kith.turn.TurnShared;
import kith.turn.stun.TransportAddress;

/**
 * A TURN server at 192.0.2.15 with no network but this one and no time but what a test says: {@code
 * at(5, MINUTES)}. Packets arrive at once and in order.
 */
public final class World {
  public static final String REALM = "example.org";
  public static final String SECRET = "a shared secret";
  public static final long EPOCH_SECONDS = 1_800_000_000L;

  private static final long START = 1_000_000;

  private final Random random = new Random(42);
  private final Map<TransportAddress, Relay> sockets = new HashMap<>();
  private final Map<TransportAddress, Peer> peers = new HashMap<>();
  private final Map<Flow, Client> clients = new HashMap<>();
  private final Connections connections = new Connections(this);
  private final Set<Integer> takenPorts = new HashSet<>();
  private final List<TurnEvent> events = new ArrayList<>();
  private final TurnShared shared;
  private final TurnCore core;
  private final Map<String, Listener> listeners = new HashMap<>();
  private long now = START;
  private int nextClientPort = 5_000;

  /** How a world differs from the usual one. */
  public static final class Setup {
    private Limits limits = Limits.standard();
    private Lifetimes lifetimes = Lifetimes.standard();
    private PeerPolicy policy = PeerPolicy.standard();
    private String external = "192.0.2.15";
    private int firstPort = 49_152;
    private int lastPort = 65_535;
    private boolean ipv4 = true;
    private boolean ipv6 = true;
    private List<String> secrets = List.of(SECRET);
    private boolean mobility = true;
    private boolean tcpRelays = true;
    private String[] networks = {};
    private final Map<String, String> further = new LinkedHashMap<>();

    public Setup limits(Limits value) {
      limits = value;
      return this;
    }

    public Setup lifetimes(Lifetimes value) {
      lifetimes = value;
      return this;
    }

    public Setup allowing(String... ranges) {
      policy = new PeerPolicy(ranges(ranges), policy.denied());
      return this;
    }

    public Setup denying(String... ranges) {
      policy = new PeerPolicy(policy.allowed(), ranges(ranges));
      return this;
    }

    private static List<kith.turn.IpRange> ranges(String... texts) {
      return List.of(texts).stream().map(kith.turn.IpRange::parse).toList();
    }

    /** The server's machine is in these networks. */
    public Setup in(String... ranges) {
      networks = ranges;
      return this;
    }

    public Setup external(String address) {
      external = address;
      return this;
    }

    /** The server has this address as well, and tells clients another instead. */
    public Setup alsoAt(String address, String externalAddress) {
      further.put(address, externalAddress);
      return this;
    }

    public Setup relayPorts(int first, int last) {
      firstPort = first;
      lastPort = last;
      return this;
    }

    public Setup withoutIpv4() {
      ipv4 = false;
      return this;
    }

    public Setup withoutIpv6() {
      ipv6 = false;
      return this;
    }

    public Setup withoutMobility() {
      mobility = false;
      return this;
    }

    public Setup withoutTcpRelays() {
      tcpRelays = false;
      return this;
    }

    public Setup secrets(String... values) {
      secrets = List.of(values);
      return this;
    }
  }

  public World() {
    this(setup -> setup);
  }

  public World(UnaryOperator<Setup> changes) {
    Setup setup = changes.apply(new Setup());
    Credentials credentials =
        new Credentials(
            REALM,
            setup.secrets.stream().map(secret -> secret.getBytes(StandardCharsets.UTF_8)).toList(),
            Map.of("alice", "wonderland", "bob", "builder"));
    TurnSettings settings =
        new TurnSettings(
            REALM,
            credentials,
            setup.policy,
            setup.lifetimes,
            setup.limits,
            setup.mobility,
            setup.tcpRelays);
    shared = new TurnShared(settings, random);
    core = new TurnCore(shared, random);
    core.wallClock(now, EPOCH_SECONDS * 1000);
    RelayHost ipv6 = setup.ipv6 ? host(setup, "2001:db8::15", "2001:db8::15") : null;
    RelayHost ipv4 = setup.ipv4 ? host(setup, "192.0.2.15", setup.external) : null;
    serve("192.0.2.15", ipv4, ipv6);
    setup.further.forEach((local, external) -> serve(local, host(setup, local, external), ipv6));
    shared.own().add(address("10.0.0.15", 0));
    shared.own().isIn(Set.copyOf(Setup.ranges(setup.networks)));
    shared.own().listensOn(Set.of(3478));
  }

  private RelayHost host(Setup setup, String local, String external) {
    RelayHost host =
        new RelayHost(address(local, 0), address(external, 0), setup.firstPort, setup.lastPort);
    shared.own().add(host);
    return host;
  }

  private void serve(String local, RelayHost ipv4, RelayHost ipv6) {
    for (Transport transport : Transport.values()) {
      listeners.put(transport + local, new Listener(transport, address(local, 3478), ipv4, ipv6));
    }
  }

  public static TransportAddress address(String literal, int port) {
    return TransportAddress.of(InetAddress.ofLiteral(literal), port);
  }

  // Who is there.

  /** A client over UDP at an address of its own, who knows the password of {@code user}. */
  public Client client(String user) {
    return client(user, Transport.UDP);
  }

  public Client client(String user, Transport transport) {
    return client(user, transport, address("198.51.100.7", nextClientPort++));
  }

  public Client client(String user, Transport transport, TransportAddress at) {
    return client(user, listeners.get(transport + "192.0.2.15"), at);
  }

  /** A client over UDP that reaches the server at another of its addresses. */
  public Client clientOf(String server, String user) {
    return client(
        user, listeners.get(Transport.UDP + server), address("198.51.100.7", nextClientPort++));
  }

  private Client client(String user, Listener listener, TransportAddress at) {
    Flow flow = new Flow(listener, at, "client");
    Client client = new Client(user, at, new Instant(flow));
    clients.put(flow, client);
    return client;
  }

  /** The way to a server that answers before the call returns. */
  private final class Instant implements Wire {
    private final Flow flow;

    Instant(Flow flow) {
      this.flow = flow;
    }

    @Override
    public void send(byte[] bytes) {
      fromClient(flow, bytes);
    }

    @Override
    public boolean await(Client client) {
      return false;
    }

    @Override
    public void disconnect() {
      PeerConnection data = connections.joinedWith(flow);
      if (data != null) {
        hangsUp(data);
      }
      core.disconnected(flow, now);
      carryOut();
    }
  }

  public Peer peer(String literal, int port) {
    return peers.computeIfAbsent(address(literal, port), at -> new Peer(this, at));
  }

  /** Another program has bound this port, whatever the server thinks. */
  public void portIsTaken(int port) {
    takenPorts.add(port);
  }

  // Time.

  /** Lets time pass until so long after the beginning. */
  public void at(long amount, TimeUnit unit) {
    until(START + unit.toMillis(amount));
  }

  /** Lets so much time pass from now. */
  public void after(long amount, TimeUnit unit) {
    until(now + unit.toMillis(amount));
  }

  private void until(long end) {
    for (long due = core.advance(now); due <= end; due = core.advance(now)) {
      now = Math.max(now, due);
      core.advance(now);
      carryOut();
    }
    now = end;
    core.advance(now);
    carryOut();
  }

  // The network.

  private void fromClient(Flow flow, byte[] bytes) {
    PeerConnection data = connections.joinedWith(flow);
    if (data != null) {
      connections.fromClient(data, bytes);
      return;
    }
    Listener listener = flow.listener();
    TransportAddress at = flow.client();
    Flow known =
        listener.transport().isStream() ? flow : listener.flow(at.high(), at.low(), at.port());
    ByteBuffer packet = packet(bytes);
    route(
        core.fromClient(known == null ? flow : known, packet, TurnCore.HEADROOM, bytes.length, now),
        packet);
    carryOut();
  }

  /** A service of the server's own process at this address, and what it hears: "from text". */
  public List<String> service(TransportAddress at) {
    List<String> heard = new ArrayList<>();
    shared
        .own()
        .add(
            at,
            (from, packet, offset, length) -> {
              byte[] bytes = new byte[length];
              packet.get(offset, bytes);
              heard.add(from + " " + new String(bytes, StandardCharsets.UTF_8));
            });
    return heard;
  }

  public void serviceSends(TransportAddress from, String text, TransportAddress relayed) {
    Relay relay = shared.relay(relayed);
    if (relay != null) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      ByteBuffer packet = packet(bytes);
      route(core.fromService(relay, from, packet, TurnCore.HEADROOM, bytes.length, now), packet);
    }
  }

  public void serviceEnds(TransportAddress at) {
    shared.own().removeInProcessPeer(at);
  }

  /** The network says that a peer cannot be reached from this relayed address. */
  public void icmp(TransportAddress relayed, TransportAddress peer, int type, int code, int data) {
    Relay relay = sockets.get(relayed);
    if (relay != null) {
      core.peerUnreachable(relay, peer.high(), peer.low(), peer.port(), type, code, data, now);
      carryOut();
    }
  }

  void fromPeer(TransportAddress source, TransportAddress to, byte[] bytes) {
    Relay relay = sockets.get(to);
    if (relay != null) {
      ByteBuffer packet = packet(bytes);
      route(
          core.fromPeer(
              relay,
              source.high(),
              source.low(),
              source.port(),
              packet,
              TurnCore.HEADROOM,
              bytes.length,
              now),
          packet);
    }
  }

  private static ByteBuffer packet(byte[] bytes) {
    ByteBuffer packet = ByteBuffer.allocate(TurnCore.HEADROOM + bytes.length + TurnCore.TAILROOM);
    packet.put(TurnCore.HEADROOM, bytes);
    return packet;
  }

  private void route(Forward forward, ByteBuffer packet) {
    if (forward.to() == Forward.To.NOWHERE) {
      return;
    }
    byte[] bytes = new byte[forward.length()];
    packet.get(forward.offset(), bytes);
    if (forward.to() == Forward.To.SERVICE) {
      forward
          .service()
          .received(forward.relay().advertised(), packet, forward.offset(), forward.length());
      return;
    }
    if (forward.to() == Forward.To.CLIENT) {
      clients.get(forward.flow()).received(bytes);
      return;
    }
    TransportAddress from = forward.relay().local();
    TransportAddress to = forward.peer();
    Peer peer = peers.get(to);
    if (peer != null) {
      peer.received(from, bytes, forward.dontFragment());
    } else {
      fromPeer(from, to, bytes);
    }
  }

  void carryOut() {
    for (Command command = core.poll(); command != null; command = core.poll()) {
      switch (command) {
        case Command.Reply reply -> clients.get(reply.flow()).received(reply.message());
        case Command.Open open -> open(open.relay());
        case Command.Adopt adopt -> core.opened(adopt.relay());
        case Command.Close close -> sockets.remove(close.relay().local());
        case Command.Summon summon -> throw new AssertionError("there is only one loop here");
        case Command.Connect connect -> connections.connect(connect.connection());
        case Command.Join join -> connections.join(join.connection(), join.client());
        case Command.HangUp hangUp -> connections.hangUp(hangUp.connection());
        case Command.Move move -> throw new AssertionError("there is only one loop here");
        case Command.PassOn passOn -> throw new AssertionError("there is only one loop here");
        case Command.Tell tell -> events.add(tell.event());
      }
    }
  }

  // What TCP between relayed addresses and peers needs of it.

  /** The connection, or null when the server hung up at once. */
  PeerConnection connects(Peer peer, TransportAddress to) {
    return connections.connects(peer, to);
  }

  void hangsUp(PeerConnection connection) {
    connections.hangsUp(connection);
  }

  void fromConnection(PeerConnection connection, byte[] bytes) {
    connections.fromPeer(connection, bytes);
  }

  /** Whether this client's connection is still joined with a peer's. */
  public boolean isJoined(Client client) {
    return connections.isJoined(client);
  }

  TurnCore core() {
    return core;
  }

  long now() {
    return now;
  }

  Peer peerAt(TransportAddress address) {
    return peers.get(address);
  }

  Relay relayAt(TransportAddress address) {
    return sockets.get(address);
  }

  Client clientOf(Flow flow) {
    return clients.get(flow);
  }

  private void open(Relay relay) {
    if (takenPorts.contains(relay.local().port()) || sockets.containsKey(relay.local())) {
      core.refused(relay);
    } else {
      sockets.put(relay.local(), relay);
      core.opened(relay);
    }
  }

  public void drains() {
    shared.drain();
  }

  public void shutsDown() {
    core.shutDown(now);
    carryOut();
  }

  // What an observer sees.

  public long relayed(Traffic traffic, Transport transport) {
    return core.counters().get(traffic, transport);
  }

  public long count(Count count) {
    return core.counters().get(count);
  }

  /** Ports bound by the server now: relayed and reserved. */
  public int openSockets() {
    return sockets.size();
  }

  /** How many things the server remembers to do later. */
  public int deadlines() {
    return core.deadlines();
  }

  public List<TurnEvent> events() {
    return events;
  }
}
