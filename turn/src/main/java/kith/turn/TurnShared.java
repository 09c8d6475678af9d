package kith.turn;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import kith.turn.stun.TransportAddress;
import org.jspecify.annotations.Nullable;

/**
 * What the loops of one server have in common; everything in it may be used by any of them at any
 * time.
 */
public final class TurnShared {
  private final TurnSettings settings;
  private final OwnAddresses own = new OwnAddresses();
  private final Quotas quotas;
  private final Bandwidth bandwidth;
  private final AddressLimiter refusals;
  private final AddressLimiter refusalsToKnown;
  private final AddressLimiter bindings;
  private final byte[] nonceKey = new byte[32];
  private final Map<Long, Reservation> reservations = new ConcurrentHashMap<>();
  private final Map<MobilityTicket, Allocation> tickets = new ConcurrentHashMap<>();
  private final Map<Integer, PeerConnection> awaitingBind = new ConcurrentHashMap<>();
  private final Map<TransportAddress, Relay> relays = new ConcurrentHashMap<>();
  private final AtomicInteger peerConnections = new AtomicInteger();
  private final AtomicLong nextAllocation = new AtomicLong(1);
  private volatile boolean draining;

  private record Reservation(Relay relay, String user, long expiresAt) {}

  public TurnShared(TurnSettings settings, RandomGenerator random) {
    this.settings = settings;
    this.quotas = new Quotas(settings.limits());
    this.bandwidth = new Bandwidth(settings.limits().bytesPerSecondInAll());
    random.nextBytes(nonceKey);
    this.refusals = new AddressLimiter(settings.limits().refusalsPerSecond(), random);
    this.refusalsToKnown = new AddressLimiter(settings.limits().bindingsPerSecond(), random);
    this.bindings = new AddressLimiter(settings.limits().bindingsPerSecond(), random);
  }

  TurnSettings settings() {
    return settings;
  }

  public OwnAddresses own() {
    return own;
  }

  Quotas quotas() {
    return quotas;
  }

  Nonces nonces() {
    return new Nonces(
        nonceKey, settings.credentials().allHaveHashes(), settings.lifetimes().nonce());
  }

  /** Error replies to who has proved nothing. */
  AddressLimiter refusals() {
    return refusals;
  }

  /** Error replies to who has proved no more than to have been at its address. */
  AddressLimiter refusalsToKnown() {
    return refusalsToKnown;
  }

  /** Binding replies. */
  AddressLimiter bindings() {
    return bindings;
  }

  long nextAllocationId() {
    return nextAllocation.getAndIncrement();
  }

  /** From now on no new allocation is made; those that are live out their lives. */
  public void drain() {
    draining = true;
  }

  public boolean isDraining() {
    return draining;
  }

  /** Whether no more allocations than that are left, and no other will come. */
  public boolean isDrainedTo(int left) {
    return draining && quotas.total() <= left;
  }

  /** Of all allocations together. */
  Bandwidth bandwidth() {
    return bandwidth;
  }

  boolean takePeerConnection() {
    if (peerConnections.incrementAndGet() > settings.limits().peerConnectionsInAll()) {
      peerConnections.decrementAndGet();
      return false;
    }
    return true;
  }

  void givePeerConnection() {
    peerConnections.decrementAndGet();
  }

  /** Keeps a connection for a client to bind; false when another has its id. */
  boolean remember(PeerConnection connection) {
    return awaitingBind.putIfAbsent(connection.id(), connection) == null;
  }

  void forget(PeerConnection connection) {
    awaitingBind.remove(connection.id(), connection);
  }

  @Nullable PeerConnection peerConnection(int id) {
    return awaitingBind.get(id);
  }

  /** Makes a live relay known to services of this process. */
  void remember(Relay relay) {
    relays.put(relay.advertised(), relay);
  }

  void forget(Relay relay) {
    relays.remove(relay.advertised(), relay);
  }

  /** The live relay of this address, whatever loop has it; null when there is none. */
  public @Nullable Relay relay(TransportAddress relayed) {
    return relays.get(relayed);
  }

  void remember(MobilityTicket ticket, Allocation allocation) {
    tickets.put(ticket, allocation);
  }

  void forget(MobilityTicket ticket) {
    tickets.remove(ticket);
  }

  @Nullable Allocation holder(MobilityTicket ticket) {
    return tickets.get(ticket);
  }

  void reserve(long token, Relay relay, String user, long expiresAt) {
    reservations.put(token, new Reservation(relay, user, expiresAt));
  }

  /**
   * The relay that this token reserved for this user, which is spent by it; null when there is
   * none.
   */
  @Nullable Relay redeem(long token, String user, long now) {
    Reservation reservation = reservations.get(token);
    if (reservation == null || !reservation.user().equals(user) || now >= reservation.expiresAt()) {
      return null;
    }
    return reservations.remove(token, reservation) ? reservation.relay() : null;
  }

  /** Takes back a reservation that nobody redeemed; null when it was. */
  @Nullable Relay lapse(long token) {
    Reservation reservation = reservations.remove(token);
    return reservation == null ? null : reservation.relay();
  }
}
