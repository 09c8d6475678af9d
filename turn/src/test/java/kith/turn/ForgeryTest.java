package kith.turn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import kith.turn.Counters.Count;
import kith.turn.Counters.Traffic;
import kith.turn.stun.AttributeType;
import kith.turn.stun.MessageClass;
import kith.turn.stun.Method;
import kith.turn.stun.StunWriter;
import kith.turn.stun.TransactionId;
import kith.turn.stun.TransportAddress;
import kith.turn.world.Client;
import kith.turn.world.Peer;
import kith.turn.world.Reply;
import kith.turn.world.World;
import org.junit.jupiter.api.Test;

/** Attempts on what is other people's: allocations, addresses, nonces, ports. */
class ForgeryTest {
  private final World world = new World();
  private final Client alice = world.client("alice");
  private final Client mallory = world.client("mallory");
  private final Peer peer = world.peer("203.0.113.5", 7000);

  // Other people's allocations

  @Test
  void aDatagramFromAnotherAddressDoesNotUseAnAllocation() {
    alice.allocates().succeeds();
    alice.bindsChannel(0x4000, peer).succeeds();
    mallory.sendsOnChannel(0x4000, "from mallory");
    mallory.sends("from mallory", peer);
    peer.hearsNothing();
    assertEquals(2, world.count(Count.DROPPED_NO_ALLOCATION));
  }

  @Test
  void anotherUsersReservationIsNotTaken() {
    byte[] token =
        alice
            .allocates(request -> request.bytes(AttributeType.EVEN_PORT, new byte[] {(byte) 0x80}))
            .value(AttributeType.RESERVATION_TOKEN);
    Client bob = world.client("bob");
    bob.allocates(request -> request.bytes(AttributeType.RESERVATION_TOKEN, token)).isRefused(508);
  }

  /** What is read on the way, from behind the same NAT, is good for nothing. */
  @Test
  void aRequestThatIsRepeatedFromAnotherPortMakesNoAllocation() {
    alice.allocates().succeeds();
    byte[] read =
        alice.signed(
            Method.ALLOCATE,
            request -> request.number(AttributeType.REQUESTED_TRANSPORT, 17 << 24));
    mallory.repeats(read).isRefused(438);
    assertEquals(1, world.count(Count.ALLOCATIONS_NOW));
  }

  // Reflection and amplification

  @Test
  void aChallengeIsSmall() {
    Reply challenge = mallory.asks(Method.ALLOCATE, request -> {});
    // Header, error, realm, nonce, two algorithms: nothing else.
    assertEquals(20 + 4 + 20 + 4 + 12 + 4 + 32 + 4 + 8, challenge.size());
  }

  @Test
  void floodedWithSpoofedRequestsTheServerStopsAnswering() {
    World careful = new World(setup -> setup.limits(new Limits(100, 10, 64, 64, 0, 0, 5)));
    Client victim = careful.client("alice");
    for (int i = 0; i < 5; i++) {
      victim.asks(Method.ALLOCATE, request -> {}).isRefused(401);
    }
    victim.sendsRaw(
        StunWriter.of(MessageClass.REQUEST, Method.ALLOCATE, new TransactionId(1, 2)).finish());
    victim.isNotAnswered();
    assertEquals(1, careful.count(Count.DROPPED_REFUSAL_LIMIT));
    careful.client("bob", Transport.UDP, World.address("198.51.100.8", 1)).allocates().succeeds();
    careful.after(1, TimeUnit.SECONDS);
    victim.allocates().succeeds();
  }

  @Test
  void bindingRepliesAndUnknownAttributesAreNoWayToFloodAnyoneEither() {
    World careful =
        new World(setup -> setup.limits(new Limits(100, 10, 64, 64, 0, 0, 5).withBindings(7)));
    Client victim = careful.client("alice");
    byte[] unknown = binding(request -> request.number(0x7001, 1));
    for (int i = 0; i < 20; i++) {
      victim.sendsRaw(binding(request -> {}));
      victim.sendsRaw(unknown);
    }
    for (int i = 0; i < 7 + 5; i++) {
      victim.isAnswered();
    }
    victim.isNotAnswered();
    assertEquals(13, careful.count(Count.DROPPED_BINDING_LIMIT));
    assertEquals(15, careful.count(Count.DROPPED_REFUSAL_LIMIT));
  }

  @Test
  void whoShowsANonceIsAnsweredThoughOthersFloodInItsName() {
    World careful = new World(setup -> setup.limits(new Limits(100, 10, 64, 64, 0, 0, 5)));
    Client victim = careful.client("alice");
    victim.allocates().succeeds();
    Client typo = careful.client("bob").withPassword("bilder");
    typo.allocates().isRefused(401);
    careful.after(Lifetimes.standard().nonce(), TimeUnit.MILLISECONDS);
    flood(careful.client("mallory"), 20);
    victim.learnsNonce(victim.allocates().isRefused(438)).allocates().succeeds();
    typo.learnsNonce(typo.allocates().isRefused(438)).allocates().isRefused(401);
  }

  @Test
  void whoComesFromAnotherPortThanBeforeIsAnsweredAsWell() {
    World careful = new World(setup -> setup.limits(new Limits(100, 10, 64, 64, 0, 0, 5)));
    Client before = careful.client("alice");
    before.allocates().succeeds();
    flood(careful.client("mallory"), 20);
    Client now = careful.client("alice").withNonce(before.nonce());
    now.learnsNonce(now.allocates().isRefused(438)).allocates().succeeds();
  }

  @Test
  void whoShowsANonceTakesNoChallengeFromOthers() {
    World careful = new World(setup -> setup.limits(new Limits(100, 10, 64, 64, 0, 0, 5)));
    Client typo = careful.client("alice").withPassword("wanderland");
    for (int i = 0; i < 20; i++) {
      typo.allocates().isRefused(401);
    }
    careful.client("bob").allocates().succeeds();
  }

  @Test
  void aNonceThatWasMadeForAnotherIsNoneAtAll() {
    World careful = new World(setup -> setup.limits(new Limits(100, 10, 64, 64, 0, 0, 5)));
    Client elsewhere =
        careful.client("mallory", Transport.UDP, World.address("198.51.100.8", 5_000));
    String nonce = elsewhere.asks(Method.ALLOCATE, request -> {}).nonce();
    Client spoofed = careful.client("mallory").withNonce(nonce);
    for (int i = 0; i < 5; i++) {
      spoofed.allocates().isRefused(438);
    }
    spoofed.sendsRaw(spoofed.signed(Method.ALLOCATE, request -> {}));
    spoofed.isNotAnswered();
    assertEquals(1, careful.count(Count.DROPPED_REFUSAL_LIMIT));
  }

  /** Whoever was at an address once has a nonce of it, and may send in its name from elsewhere. */
  @Test
  void repliesToWhoShowsANonceAreBoundedAsBindingRepliesAre() {
    World careful =
        new World(setup -> setup.limits(new Limits(100, 10, 64, 64, 0, 0, 5).withBindings(7)));
    Client typo = careful.client("alice").withPassword("wanderland");
    typo.allocates().isRefused(401);
    for (int i = 0; i < 6; i++) {
      typo.allocates().isRefused(401);
    }
    typo.sendsRaw(typo.signed(Method.ALLOCATE, request -> {}));
    typo.isNotAnswered();
    typo.binds().succeeds();
  }

  private static void flood(Client spoofed, int requests) {
    for (int i = 0; i < requests; i++) {
      spoofed.sendsRaw(
          StunWriter.of(MessageClass.REQUEST, Method.ALLOCATE, new TransactionId(i, i)).finish());
    }
  }

  private static byte[] binding(Consumer<StunWriter> attributes) {
    StunWriter request =
        StunWriter.of(MessageClass.REQUEST, Method.BINDING, new TransactionId(1, 2));
    attributes.accept(request);
    return request.finish();
  }

  @Test
  void whoProvedItsAddressMayBindAsOftenAsItLikes() {
    World careful =
        new World(setup -> setup.limits(new Limits(100, 10, 64, 64, 0, 0, 5).withBindings(1)));
    Client alice = careful.client("alice");
    alice.allocates().succeeds();
    Client stream = careful.client("bob", Transport.TCP);
    for (int i = 0; i < 5; i++) {
      alice.binds().succeeds();
      stream.binds().succeeds();
    }
  }

  @Test
  void noErrorRepliesGoToErrorReplies() {
    Reply challenge = mallory.asks(Method.ALLOCATE, request -> {});
    mallory.sendsRaw(challenge.bytes());
    mallory.isNotAnswered();
  }

  // The server's own words

  /** Counted in 16 bits, its length would begin anew, and the rest be read as what follows. */
  @Test
  void aDatagramTooLongForADataIndicationIsDropped() {
    Client stream = world.client("alice", Transport.TCP);
    Peer far = world.peer("2001:db8:1::5", 7000);
    allocatesIpv6(stream);
    stream.permits(far).succeeds();
    for (int length : List.of(65_505, 65_508, 65_527)) {
      far.sends(new byte[length], stream.relayed());
    }
    stream.hearsNothing();
    assertEquals(3, world.count(Count.DROPPED_TOO_LONG));
    assertEquals(0, world.relayed(Traffic.PACKETS_TO_CLIENTS, Transport.TCP));
    far.sends("x".repeat(65_504), stream.relayed());
    stream.hears(far.address() + " " + "x".repeat(65_504));
  }

  @Test
  void theLongestDatagramsFitIntoChannelDataAndThoseOfIpv4IntoIndications() {
    Client stream = world.client("alice", Transport.TCP);
    stream.allocates().succeeds();
    stream.permits(peer).succeeds();
    peer.sends("x".repeat(65_507), stream.relayed());
    stream.hears("203.0.113.5:7000 " + "x".repeat(65_507));
    Client other = world.client("alice", Transport.TCP);
    Peer far = world.peer("2001:db8:1::5", 7000);
    allocatesIpv6(other);
    other.bindsChannel(0x4000, far).succeeds();
    far.sends("y".repeat(65_527), other.relayed());
    other.hears("4000 " + "y".repeat(65_527));
    assertEquals(4 + 65_528, other.lastFrame().length);
  }

  @Test
  void aServiceIsHeldToTheSameLength() {
    TransportAddress at = World.address("2001:db8:1::5", 4_000);
    world.service(at);
    Client stream = world.client("alice", Transport.TCP);
    allocatesIpv6(stream);
    stream.permits(at).succeeds();
    world.serviceSends(at, "x".repeat(65_507), stream.relayed());
    stream.hearsNothing();
    assertEquals(1, world.count(Count.DROPPED_TOO_LONG));
  }

  private static void allocatesIpv6(Client client) {
    client
        .allocates(request -> request.number(AttributeType.REQUESTED_ADDRESS_FAMILY, 2 << 24))
        .succeeds();
  }

  // Guessing

  @Test
  void relayPortsAreNotPredictable() {
    Set<Integer> steps = new HashSet<>();
    int last = world.client("alice").allocates().relayed().port();
    for (int i = 0; i < 20; i++) {
      int port = world.client("alice").allocates().relayed().port();
      steps.add(port - last);
      last = port;
    }
    assertTrue(steps.size() > 15, "steps between ports: " + steps);
  }

  @Test
  void twoServersDoNotTakeEachOthersNonces() {
    String nonce = new World().client("alice").asks(Method.ALLOCATE, request -> {}).nonce();
    assertNotEquals(
        nonce.substring(18),
        nonceOfASeparatelySeededServer().substring(18),
        "the HMAC part differs");
  }

  private static String nonceOfASeparatelySeededServer() {
    TurnSettings settings =
        new TurnSettings(
            "example.org",
            new Credentials("example.org", List.of(), Map.of()),
            PeerPolicy.standard(),
            Lifetimes.standard(),
            Limits.standard(),
            false,
            false);
    TurnShared shared = new TurnShared(settings, new Random(7));
    return shared.nonces().mint(World.address("198.51.100.7", 5000), 1_000_000);
  }
}
