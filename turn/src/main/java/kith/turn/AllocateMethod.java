package kith.turn;

import static kith.turn.stun.AttributeType.ADDITIONAL_ADDRESS_FAMILY;
import static kith.turn.stun.AttributeType.ADDITIONAL_ADDRESS_FAMILY_DRAFT;
import static kith.turn.stun.AttributeType.DONT_FRAGMENT;
import static kith.turn.stun.AttributeType.EVEN_PORT;
import static kith.turn.stun.AttributeType.LIFETIME;
import static kith.turn.stun.AttributeType.MOBILITY_TICKET;
import static kith.turn.stun.AttributeType.REQUESTED_ADDRESS_FAMILY;
import static kith.turn.stun.AttributeType.REQUESTED_TRANSPORT;
import static kith.turn.stun.AttributeType.RESERVATION_TOKEN;
import static kith.turn.stun.AttributeType.XOR_MAPPED_ADDRESS;
import static kith.turn.stun.AttributeType.XOR_RELAYED_ADDRESS;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import kith.turn.stun.AddressFamily;
import kith.turn.stun.AttributeSet;
import kith.turn.stun.ErrorCode;
import kith.turn.stun.StunMessage;
import kith.turn.stun.StunWriter;
import org.jspecify.annotations.Nullable;

/** Allocate, in the order of RFC 8656 §7.2. */
final class AllocateMethod {
  static final AttributeSet KNOWN =
      TurnCore.CREDENTIALS.with(
          LIFETIME,
          REQUESTED_TRANSPORT,
          DONT_FRAGMENT,
          EVEN_PORT,
          RESERVATION_TOKEN,
          REQUESTED_ADDRESS_FAMILY);

  private final TurnShared shared;
  private final RandomGenerator random;
  private final Allocations allocations;
  private final Deadlines deadlines;
  private final Outbox outbox;
  private final TurnCore core;
  private final Mobility mobility;
  // The tokens that this loop gave, and to whom; some are redeemed already.
  private final Map<Long, String> reservations = new HashMap<>();

  AllocateMethod(
      TurnCore core,
      Mobility mobility,
      TurnShared shared,
      RandomGenerator random,
      Allocations allocations,
      Deadlines deadlines,
      Outbox outbox) {
    this.core = core;
    this.mobility = mobility;
    this.shared = shared;
    this.random = random;
    this.allocations = allocations;
    this.deadlines = deadlines;
    this.outbox = outbox;
  }

  /**
   * What an Allocate request asks for.
   *
   * @param token of a reservation, or 0
   */
  record Wish(
      RelayedTransport transport,
      AddressFamily family,
      boolean both,
      boolean even,
      boolean reserve,
      long token,
      boolean mobile,
      int lifetime) {}

  /** A request that cannot be granted as it is written. */
  private static final class Refusal extends Exception {
    private final ErrorCode error;

    Refusal(ErrorCode error) {
      super(error.reason(), null, false, false);
      this.error = error;
    }
  }

  void handle(Request request, StunMessage message) {
    // Step 2: the 5-tuple must be free, unless this is the request that made the allocation, sent
    // again.
    Allocation existing = Allocations.of(request.flow(), request.now());
    if (existing != null) {
      if (existing.isMadeBy(request)) {
        grant(request, existing);
      } else {
        outbox.refuse(request, ErrorCode.ALLOCATION_MISMATCH);
      }
      return;
    }
    if (request.flow().allocation != null) {
      // Expired this very moment, and its deadline has not been run yet.
      allocations.end(request.flow().allocation, TurnEvent.Reason.EXPIRED, request.now());
    }
    try {
      start(request, read(request, message));
    } catch (Refusal refusal) {
      outbox.refuse(request, refusal.error);
    }
  }

  /** Steps 3 to 8: what the attributes say, and whether they may stand together. */
  private Wish read(Request request, StunMessage message) throws Refusal {
    RelayedTransport transport = transport(request, message);
    long token = token(message);
    int requested = family(message, REQUESTED_ADDRESS_FAMILY);
    int additional =
        Math.max(
            family(message, ADDITIONAL_ADDRESS_FAMILY),
            family(message, ADDITIONAL_ADDRESS_FAMILY_DRAFT));
    int evenPort = message.find(EVEN_PORT);
    require(evenPort < 0 || message.lengthAt(evenPort) == 1, ErrorCode.BAD_REQUEST);
    boolean reserve = evenPort >= 0 && (message.byteAt(evenPort) & 0x80) != 0;

    require(token == 0 || evenPort < 0 && requested < 0 && additional < 0, ErrorCode.BAD_REQUEST);
    require(requested < 0 || additional < 0, ErrorCode.BAD_REQUEST);
    require(
        additional < 0 || additional == AddressFamily.IPV6.code() && !reserve,
        ErrorCode.BAD_REQUEST);
    require(
        requested < 0 || requested == 1 || requested == 2, ErrorCode.ADDRESS_FAMILY_NOT_SUPPORTED);

    AddressFamily family =
        requested == AddressFamily.IPV6.code() ? AddressFamily.IPV6 : AddressFamily.IPV4;
    int lifetime = lifetime(message, shared.settings().lifetimes());
    require(lifetime >= 0, ErrorCode.BAD_REQUEST);
    ErrorCode immobile = mobility.refusal(message);
    require(immobile == null, immobile == null ? ErrorCode.SERVER_ERROR : immobile);
    return new Wish(
        transport,
        family,
        additional >= 0,
        evenPort >= 0,
        reserve,
        token,
        message.has(MOBILITY_TICKET),
        lifetime);
  }

  private RelayedTransport transport(Request request, StunMessage message) throws Refusal {
    int value = message.find(REQUESTED_TRANSPORT);
    require(value >= 0 && message.lengthAt(value) == 4, ErrorCode.BAD_REQUEST);
    RelayedTransport asked = RelayedTransport.of(message.byteAt(value));
    RelayedTransport transport = Objects.requireNonNullElse(asked, RelayedTransport.UDP);
    boolean tcp = transport == RelayedTransport.TCP;
    boolean offered = asked != null && (!tcp || shared.settings().tcpRelays());
    require(offered, ErrorCode.UNSUPPORTED_TRANSPORT);
    // RFC 6062 §5.1: over TCP or TLS only, and without what concerns datagrams.
    boolean fits =
        request.flow().isStream()
            && !message.has(EVEN_PORT)
            && !message.has(RESERVATION_TOKEN)
            && !message.has(DONT_FRAGMENT);
    require(!tcp || fits, ErrorCode.BAD_REQUEST);
    require(!tcp || !message.has(MOBILITY_TICKET), ErrorCode.MOBILITY_FORBIDDEN);
    return transport;
  }

  private static long token(StunMessage message) throws Refusal {
    int value = message.find(RESERVATION_TOKEN);
    require(value < 0 || message.lengthAt(value) == 8, ErrorCode.BAD_REQUEST);
    return value < 0 ? 0 : message.longAt(value);
  }

  /** The family code an attribute names, or -1 when it is absent. */
  private static int family(StunMessage message, int attribute) throws Refusal {
    int value = message.find(attribute);
    require(value < 0 || message.lengthAt(value) == 4, ErrorCode.BAD_REQUEST);
    return value < 0 ? -1 : message.byteAt(value);
  }

  /**
   * The lifetime granted, in seconds: between the default and the most; -1 when the attribute is
   * malformed.
   */
  static int lifetime(StunMessage message, Lifetimes lifetimes) {
    int value = message.find(LIFETIME);
    if (value < 0) {
      return (int) (lifetimes.allocation() / 1000);
    }
    if (message.lengthAt(value) != 4) {
      return -1;
    }
    long asked = message.intAt(value) & 0xFFFF_FFFFL;
    return (int)
        Math.max(lifetimes.allocation() / 1000, Math.min(asked, lifetimes.allocationMost() / 1000));
  }

  /** Step 9 on: quotas, then ports. */
  private void start(Request request, Wish wish) throws Refusal {
    Identity identity = request.requireIdentity();
    Listener listener = request.flow().listener();
    RelayHost host = listener.host(wish.family());
    boolean any = host != null || wish.both() && listener.host(AddressFamily.IPV6) != null;
    require(any || wish.token() != 0, ErrorCode.ADDRESS_FAMILY_NOT_SUPPORTED);
    require(!shared.isDraining(), ErrorCode.INSUFFICIENT_CAPACITY);
    AllocateAttempt attempt = new AllocateAttempt(this, request, wish, host);
    if (wish.token() == 0) {
      boolean taken = shared.quotas().take(identity.user(), ports(wish));
      require(taken, ErrorCode.ALLOCATION_QUOTA_REACHED);
      attempt.open();
    } else {
      // What the reservation took of the quotas is the allocation's now.
      Relay relay = shared.redeem(wish.token(), identity.user(), request.now());
      require(relay != null, ErrorCode.INSUFFICIENT_CAPACITY);
      attempt.adopt(Objects.requireNonNull(relay));
    }
  }

  /** What the wish takes of the quotas: a reserved port is as scarce as an allocated one. */
  private static int ports(Wish wish) {
    return wish.reserve() ? 2 : 1;
  }

  private static void require(boolean condition, ErrorCode otherwise) throws Refusal {
    if (!condition) {
      throw new Refusal(otherwise);
    }
  }

  RandomGenerator random() {
    return random;
  }

  Outbox outbox() {
    return outbox;
  }

  Allocations allocations() {
    return allocations;
  }

  void failed(Request request, Wish wish, ErrorCode error) {
    shared.quotas().give(request.requireIdentity().user(), ports(wish));
    outbox.refuse(request, error);
  }

  void succeeded(
      Request request,
      Wish wish,
      Relay relay,
      @Nullable Relay reserved,
      @Nullable Relay additional,
      Allocation.@Nullable Refused refused) {
    long token = reserved == null ? 0 : reserve(request, reserved);
    Allocation.Granted granted =
        new Allocation.Granted(request.id(), wish.lifetime(), token, wish.mobile(), refused);
    Bandwidth bandwidth = new Bandwidth(shared.settings().limits().bytesPerSecond());
    Allocation allocation =
        new Allocation(
            core,
            shared.nextAllocationId(),
            request.flow(),
            request.requireIdentity(),
            granted,
            relay,
            additional,
            bandwidth,
            request.now());
    allocations.begin(allocation, request.now());
    if (wish.mobile()) {
      mobility.issue(allocation, request);
    }
    grant(request, allocation);
  }

  private long reserve(Request request, Relay reserved) {
    long token = random.nextLong() | 1;
    long until = request.now() + shared.settings().lifetimes().reservation();
    String user = request.requireIdentity().user();
    shared.reserve(token, reserved, user, until);
    reservations.put(token, user);
    deadlines.at(until, () -> endReservation(token, user));
    return token;
  }

  private void endReservation(long token, String user) {
    reservations.remove(token);
    Relay lapsed = shared.lapse(token);
    if (lapsed != null) {
      allocations.discard(lapsed);
      shared.quotas().give(user, 1);
    }
  }

  /** Closes the ports that are reserved and that nobody has redeemed. */
  void endReservations() {
    Map.copyOf(reservations).forEach(this::endReservation);
  }

  private void grant(Request request, Allocation allocation) {
    StunWriter reply = Outbox.success(request);
    for (Relay relay : allocation.relays()) {
      reply.xorAddress(XOR_RELAYED_ADDRESS, relay.advertised());
    }
    Allocation.Granted granted = allocation.granted();
    reply.number(LIFETIME, granted.lifetime());
    reply.xorAddress(XOR_MAPPED_ADDRESS, request.flow().client());
    if (granted.reservation() != 0) {
      reply.bytes(RESERVATION_TOKEN, ByteBuffer.allocate(8).putLong(granted.reservation()).array());
    }
    if (granted.mobile()) {
      reply.bytes(MOBILITY_TICKET, allocation.tickets().getFirst().bytes());
    }
    Allocation.Refused refused = granted.refused();
    if (refused != null) {
      reply.addressError(refused.family(), refused.error());
    }
    outbox.send(request, reply);
  }
}
