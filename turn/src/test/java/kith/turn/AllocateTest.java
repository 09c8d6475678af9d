package kith.turn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import kith.turn.stun.AddressFamily;
import kith.turn.stun.AttributeType;
import kith.turn.stun.Method;
import kith.turn.stun.TransportAddress;
import kith.turn.world.Client;
import kith.turn.world.Peer;
import kith.turn.world.Reply;
import kith.turn.world.World;
import org.junit.jupiter.api.Test;

/** RFC 8656 §7: allocating. */
class AllocateTest {
  private final World world = new World();
  private final Client alice = world.client("alice");
  private final Client bob = world.client("bob");
  private final Peer peer = world.peer("203.0.113.5", 7000);

  private static final int IPV4 = 1 << 24;
  private static final int IPV6 = 2 << 24;

  // §7.2 Receiving an Allocate request

  @Test
  void anAllocationHasARelayedAddressALifetimeAndTellsTheClientItsOwn() {
    Reply reply = alice.allocates().succeeds();
    assertTrue(reply.relayed().sameHost(World.address("192.0.2.15", 0)));
    assertTrue(reply.relayed().port() >= 49_152);
    assertEquals(600, reply.lifetime());
    assertEquals(alice.address(), reply.mapped());
  }

  @Test
  void theSecondAllocationOfA5TupleIsAMismatch() {
    alice.allocates().succeeds();
    alice.allocates().isRefused(437);
  }

  @Test
  void theSameRequestSentAgainIsAnsweredTheSame() {
    Reply first = alice.allocates().succeeds();
    Reply second = alice.again().allocates().succeeds();
    assertArrayEquals(first.bytes(), second.bytes());
    assertEquals(1, world.openSockets());
  }

  @Test
  void theTransportMustBeNamedAndBeUdp() {
    alice.asksSigned(Method.ALLOCATE, request -> {}).isRefused(400);
    alice
        .asksSigned(
            Method.ALLOCATE,
            request -> request.bytes(AttributeType.REQUESTED_TRANSPORT, new byte[] {17}))
        .isRefused(400);
    alice
        .asksSigned(
            Method.ALLOCATE,
            request -> request.number(AttributeType.REQUESTED_TRANSPORT, 132 << 24))
        .isRefused(442);
  }

  @Test
  void dontFragmentIsUnderstood() {
    alice.allocates(request -> request.flag(AttributeType.DONT_FRAGMENT)).succeeds();
  }

  @Test
  void anEvenPortIsEven() {
    for (int i = 0; i < 8; i++) {
      Reply reply =
          world
              .client("alice")
              .allocates(request -> request.bytes(AttributeType.EVEN_PORT, new byte[] {0}))
              .succeeds();
      assertEquals(0, reply.relayed().port() % 2);
      assertFalse(reply.has(AttributeType.RESERVATION_TOKEN));
    }
  }

  @Test
  void ofBothFamiliesBothPortsAreEvenIfThatIsAskedFor() {
    for (int i = 0; i < 8; i++) {
      Reply reply =
          world
              .client("alice")
              .allocates(
                  request ->
                      request
                          .bytes(AttributeType.EVEN_PORT, new byte[] {0})
                          .number(AttributeType.ADDITIONAL_ADDRESS_FAMILY, 2 << 24))
              .succeeds();
      assertEquals(2, reply.allRelayed().size());
      reply.allRelayed().forEach(relayed -> assertEquals(0, relayed.port() % 2));
    }
  }

  @Test
  void aRequestOfAnotherUserIsNotTheSameSentAgain() {
    alice.allocates().succeeds();
    alice.again().named("bob").withPassword("builder").allocates().isRefused(437);
  }

  @Test
  void theNextPortMayBeReservedAndTakenWithItsToken() {
    Reply first = allocatesPair(alice).succeeds();
    byte[] token = first.value(AttributeType.RESERVATION_TOKEN);
    assertEquals(8, token.length);
    Client second = world.client("alice");
    Reply reply =
        second
            .allocates(request -> request.bytes(AttributeType.RESERVATION_TOKEN, token))
            .succeeds();
    assertEquals(first.relayed().port() + 1, reply.relayed().port());
    second.permits(peer).succeeds();
    second.sends("from the reserved port", peer);
    peer.hears("from the reserved port");
  }

  private static Reply allocatesPair(Client client) {
    return client.allocates(
        request -> request.bytes(AttributeType.EVEN_PORT, new byte[] {(byte) 0x80}));
  }

  @Test
  void aTokenIsGoodOnceForItsOwnerAndForHalfAMinute() {
    byte[] token = allocatesPair(alice).value(AttributeType.RESERVATION_TOKEN);
    redeems(bob, token).isRefused(508);
    redeems(world.client("alice"), token).succeeds();
    redeems(world.client("alice"), token).isRefused(508);

    byte[] late = allocatesPair(world.client("alice")).value(AttributeType.RESERVATION_TOKEN);
    int sockets = world.openSockets();
    world.after(30, TimeUnit.SECONDS);
    assertEquals(sockets - 1, world.openSockets(), "a reserved port is given back");
    redeems(world.client("alice"), late).isRefused(508);
  }

  @Test
  void aPortThatIsReservedWhenTheServerClosesIsGivenBack() {
    allocatesPair(alice).succeeds();
    world.shutsDown();
    assertEquals(0, world.openSockets());
  }

  private static Reply redeems(Client client, byte[] token) {
    return client.allocates(request -> request.bytes(AttributeType.RESERVATION_TOKEN, token));
  }

  @Test
  void aTokenDoesNotGoWithOtherWishes() {
    byte[] token = allocatesPair(alice).value(AttributeType.RESERVATION_TOKEN);
    Client other = world.client("alice");
    other
        .allocates(
            request ->
                request
                    .bytes(AttributeType.RESERVATION_TOKEN, token)
                    .bytes(AttributeType.EVEN_PORT, new byte[] {0}))
        .isRefused(400);
    other
        .allocates(
            request ->
                request
                    .bytes(AttributeType.RESERVATION_TOKEN, token)
                    .number(AttributeType.REQUESTED_ADDRESS_FAMILY, IPV4))
        .isRefused(400);
    other
        .allocates(
            request -> request.bytes(AttributeType.RESERVATION_TOKEN, new byte[] {1, 2, 3, 4}))
        .isRefused(400);
  }

  @Test
  void anIpv6AddressIsGivenOnRequest() {
    Reply reply = allocates(alice, AttributeType.REQUESTED_ADDRESS_FAMILY, IPV6).succeeds();
    assertEquals(AddressFamily.IPV6, reply.relayed().family());
  }

  @Test
  void aFamilyThatThereIsNotIsRefused() {
    allocates(alice, AttributeType.REQUESTED_ADDRESS_FAMILY, 3 << 24).isRefused(440);
    World ipv4Only = new World(World.Setup::withoutIpv6);
    allocates(ipv4Only.client("alice"), AttributeType.REQUESTED_ADDRESS_FAMILY, IPV6)
        .isRefused(440);
  }

  private static Reply allocates(Client client, int attribute, int value) {
    return client.allocates(request -> request.number(attribute, value));
  }

  @Test
  void bothFamiliesMayBeHadAtOnce() {
    Reply reply = allocates(alice, AttributeType.ADDITIONAL_ADDRESS_FAMILY, IPV6).succeeds();
    assertEquals(
        List.of(AddressFamily.IPV4, AddressFamily.IPV6),
        reply.allRelayed().stream().map(TransportAddress::family).toList());
    Peer six = world.peer("2001:db8:1::5", 7000);
    alice.permits(peer, six).succeeds();
    alice.sends("four", peer);
    alice.sends("six", six);
    peer.hears("four");
    six.hears("six");
  }

  @Test
  void withoutTheSecondFamilyTheFirstIsGivenAndTheReplySaysWhy() {
    World ipv4Only = new World(World.Setup::withoutIpv6);
    Reply reply =
        allocates(ipv4Only.client("alice"), AttributeType.ADDITIONAL_ADDRESS_FAMILY, IPV6)
            .succeeds();
    assertEquals(1, reply.allRelayed().size());
    assertArrayEquals(new byte[] {2, 0, 4, 40}, addressError(reply));
  }

  @Test
  void withoutTheFirstFamilyTheSecondIsGivenAndTheReplySaysWhy() {
    World ipv6Only = new World(World.Setup::withoutIpv4);
    Client client = ipv6Only.client("alice");
    client.allocates().isRefused(440);
    Reply reply = allocates(client, AttributeType.ADDITIONAL_ADDRESS_FAMILY, IPV6).succeeds();
    assertEquals(1, reply.allRelayed().size());
    assertEquals(AddressFamily.IPV6, reply.relayed().family());
    assertArrayEquals(new byte[] {1, 0, 4, 40}, addressError(reply));
    assertArrayEquals(
        reply.bytes(),
        allocates(client.again(), AttributeType.ADDITIONAL_ADDRESS_FAMILY, IPV6).bytes());
  }

  @Test
  void aFamilyWhosePortsAreAllTakenIsLeftOutOfTheTwo() {
    World narrow = new World(setup -> setup.relayPorts(50_000, 50_001));
    narrow.client("alice").allocates().succeeds();
    narrow.client("alice").allocates().succeeds();
    Reply onlyIpv6 =
        allocates(narrow.client("bob"), AttributeType.ADDITIONAL_ADDRESS_FAMILY, IPV6).succeeds();
    assertEquals(
        List.of(AddressFamily.IPV6),
        onlyIpv6.allRelayed().stream().map(TransportAddress::family).toList());
    assertArrayEquals(new byte[] {1, 0, 5, 8}, addressError(onlyIpv6));
    allocates(narrow.client("bob"), AttributeType.REQUESTED_ADDRESS_FAMILY, IPV6).succeeds();
    allocates(narrow.client("bob"), AttributeType.ADDITIONAL_ADDRESS_FAMILY, IPV6).isRefused(508);
    assertEquals(4, narrow.openSockets());
  }

  private static byte[] addressError(Reply reply) {
    return java.util.Arrays.copyOf(reply.value(AttributeType.ADDRESS_ERROR_CODE), 4);
  }

  @Test
  void theAdditionalFamilyIsIpv6AndStandsAlone() {
    allocates(alice, AttributeType.ADDITIONAL_ADDRESS_FAMILY, IPV4).isRefused(400);
    alice
        .allocates(
            request ->
                request
                    .number(AttributeType.ADDITIONAL_ADDRESS_FAMILY, IPV6)
                    .number(AttributeType.REQUESTED_ADDRESS_FAMILY, IPV4))
        .isRefused(400);
    alice
        .allocates(
            request ->
                request
                    .number(AttributeType.ADDITIONAL_ADDRESS_FAMILY, IPV6)
                    .bytes(AttributeType.EVEN_PORT, new byte[] {(byte) 0x80}))
        .isRefused(400);
  }

  @Test
  void aUserHasAQuota() {
    World small = new World(setup -> setup.limits(new Limits(100, 2, 64, 64, 0, 0, 1000)));
    Client first = small.client("alice");
    first.allocates().succeeds();
    small.client("alice").allocates().succeeds();
    small.client("alice").allocates().isRefused(486);
    small.client("bob").allocates().succeeds();
    first.refreshes(0).succeeds();
    small.client("alice").allocates().succeeds();
  }

  @Test
  void aTimeLimitedUserHasOneQuotaWhateverTheExpiry() {
    World small = new World(setup -> setup.limits(new Limits(100, 1, 64, 64, 0, 0, 1000)));
    small.client("carol").untilSecond(1000).allocates().succeeds();
    small.client("carol").untilSecond(2000).allocates().isRefused(486);
  }

  @Test
  void theServerHasAQuotaInAll() {
    World small = new World(setup -> setup.limits(new Limits(1, 10, 64, 64, 0, 0, 1000)));
    small.client("alice").allocates().succeeds();
    small.client("bob").allocates().isRefused(486);
  }

  @Test
  void aPortAnotherProgramHoldsIsPassedOver() {
    World narrow = new World(setup -> setup.relayPorts(50_000, 50_003));
    narrow.portIsTaken(50_000);
    narrow.portIsTaken(50_001);
    narrow.portIsTaken(50_002);
    assertEquals(50_003, narrow.client("alice").allocates().succeeds().relayed().port());
    narrow.client("alice").allocates().isRefused(508);
  }

  @Test
  void aPortThatTheServerListensOnIsNobodysRelay() {
    World among = new World(setup -> setup.relayPorts(3_477, 3_479));
    Set<Integer> given =
        Set.of(
            among.client("alice").allocates().succeeds().relayed().port(),
            among.client("alice").allocates().succeeds().relayed().port());
    assertEquals(Set.of(3_477, 3_479), given);
    among.client("alice").allocates().isRefused(508);
  }

  @Test
  void aPairNeedsTwoFreePorts() {
    World narrow = new World(setup -> setup.relayPorts(50_000, 50_003));
    narrow.portIsTaken(50_001);
    assertEquals(50_002, allocatesPair(narrow.client("alice")).succeeds().relayed().port());
    allocatesPair(narrow.client("alice")).isRefused(508);
    assertEquals(2, narrow.openSockets(), "half a pair is not kept");
  }

  @Test
  void aServerThatDrainsTakesNobodyNewAndKeepsWhoIsThere() {
    alice.allocates().succeeds();
    world.drains();
    bob.allocates().isRefused(508);
    alice.refreshes(600).succeeds();
    alice.permits(peer).succeeds();
    alice.sends("still here", peer);
    peer.hears("still here");
  }

  @Test
  void theLifetimeIsBetweenTheDefaultAndTheMost() {
    assertEquals(600, allocates(alice, AttributeType.LIFETIME, 1).lifetime());
    assertEquals(1800, allocates(bob, AttributeType.LIFETIME, 1800).lifetime());
    assertEquals(3600, allocates(world.client("bob"), AttributeType.LIFETIME, -1).lifetime());
  }

  @Test
  void behindA1To1NatTheExternalAddressIsTold() {
    World nat = new World(setup -> setup.external("203.0.113.200"));
    assertTrue(
        nat.client("alice").allocates().relayed().sameHost(World.address("203.0.113.200", 0)));
  }
}
