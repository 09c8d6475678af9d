package kith.turn;

import java.util.Optional;
import kith.turn.stun.AddressFamily;
import kith.turn.stun.TransportAddress;
import org.jspecify.annotations.Nullable;

/**
 * An address that one loop's clients reach the server at, and what is relayed from for them: one
 * host per address family, null where that family is not relayed. It knows the clients that have an
 * allocation, and no others.
 */
public final class Listener {
  private final Transport transport;
  private final TransportAddress local;
  private volatile @Nullable RelayHost ipv4;
  private volatile @Nullable RelayHost ipv6;
  private volatile @Nullable Discovery discovery;
  private @Nullable Object handle;
  private final AddressTable<Flow> flows = new AddressTable<>();
  // As many as there are in the table, for other threads.
  private volatile int inUse;

  public Listener(
      Transport transport,
      TransportAddress local,
      @Nullable RelayHost ipv4,
      @Nullable RelayHost ipv6) {
    this.transport = transport;
    this.local = local;
    this.ipv4 = ipv4;
    this.ipv6 = ipv6;
  }

  /**
   * What is relayed from changes for allocations to come: an address of this machine came or went.
   * Any thread may say so.
   */
  public void relaysFrom(@Nullable RelayHost overIpv4, @Nullable RelayHost overIpv6) {
    ipv4 = overIpv4;
    ipv6 = overIpv6;
  }

  public Transport transport() {
    return transport;
  }

  public TransportAddress local() {
    return local;
  }

  /** Where clients reach it: not at its own address where a 1:1 NAT stands in front. */
  TransportAddress advertised() {
    RelayHost own = host(local.family());
    return own != null && own.local().sameHost(local)
        ? own.advertised().withPort(local.port())
        : local;
  }

  void discovery(Discovery among) {
    discovery = among;
  }

  @Nullable Discovery discovery() {
    return discovery;
  }

  /** Whether NAT behaviour discovery is served here. Any thread may ask. */
  public boolean isOfDiscovery() {
    return discovery != null;
  }

  /**
   * The shell's own handle to answer from this address; a datagram's flow has it as its connection.
   */
  public void handle(Object value) {
    handle = value;
  }

  @Nullable Object handle() {
    return handle;
  }

  @Nullable RelayHost host(AddressFamily family) {
    return family == AddressFamily.IPV4 ? ipv4 : ipv6;
  }

  /** What clients are told they are relayed at, with port 0; empty where it is not relayed. */
  public Optional<TransportAddress> relayed(AddressFamily family) {
    return Optional.ofNullable(host(family)).map(RelayHost::advertised);
  }

  /** The flow of this client if it has an allocation; makes no object. */
  public @Nullable Flow flow(long high, long low, int port) {
    return flows.get(high, low, port);
  }

  /** Whether a client that comes here over UDP has an allocation. Any thread may ask. */
  public boolean isInUse() {
    return inUse > 0;
  }

  void remember(Flow flow) {
    flows.put(flow.client().high(), flow.client().low(), flow.client().port(), flow);
    inUse = flows.size();
  }

  void forget(Flow flow) {
    TransportAddress client = flow.client();
    if (flows.get(client.high(), client.low(), client.port()) == flow) {
      flows.remove(client.high(), client.low(), client.port());
      inUse = flows.size();
    }
  }
}
