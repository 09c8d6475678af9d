package kith.turn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.TimeUnit;
import kith.turn.Counters.Count;
import kith.turn.stun.AddressFamily;
import kith.turn.stun.AttributeType;
import kith.turn.stun.Method;
import kith.turn.stun.TransportAddress;
import kith.turn.world.Client;
import kith.turn.world.Peer;
import kith.turn.world.Reply;
import kith.turn.world.World;
import org.junit.jupiter.api.Test;

/** RFC 8656, in the order of its sections. */
class TurnTest {
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
    byte[] error = reply.value(AttributeType.ADDRESS_ERROR_CODE);
    assertArrayEquals(new byte[] {2, 0, 4, 40}, java.util.Arrays.copyOf(error, 4));
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

  // §8.2 Receiving a Refresh request

  @Test
  void anAllocationExpiresUnlessItIsRefreshed() {
    alice.allocates().succeeds();
    bob.allocates().succeeds();
    world.at(599, TimeUnit.SECONDS);
    assertEquals(900, alice.refreshes(900).succeeds().lifetime());
    world.at(600, TimeUnit.SECONDS);
    bob.refreshes(600).isRefused(437);
    assertEquals(1, world.openSockets());
    world.at(599 + 899, TimeUnit.SECONDS);
    alice.permits(peer).succeeds();
    world.at(599 + 900, TimeUnit.SECONDS);
    alice.permits(peer).isRefused(437);
    assertEquals(0, world.openSockets());
    assertEquals(0, world.count(Count.ALLOCATIONS_NOW));
    assertEquals(2, world.count(Count.ALLOCATIONS_EXPIRED));
  }

  @Test
  void lifetimeZeroEndsIt() {
    alice.allocates().succeeds();
    assertEquals(0, alice.refreshes(0).succeeds().lifetime());
    alice.refreshes(0).isRefused(437);
    assertEquals(0, world.openSockets());
  }

  @Test
  void aFreedPortAndA5TupleMayBeUsedAgain() {
    alice.allocates().succeeds();
    alice.refreshes(0).succeeds();
    alice.allocates().succeeds();
    alice.permits(peer).succeeds();
    alice.sends("again", peer);
    peer.hears("again");
  }

  @Test
  void oneFamilyOfTwoMayBeGivenUp() {
    allocates(alice, AttributeType.ADDITIONAL_ADDRESS_FAMILY, IPV6).succeeds();
    alice
        .asksSigned(
            Method.REFRESH,
            request ->
                request
                    .number(AttributeType.LIFETIME, 0)
                    .number(AttributeType.REQUESTED_ADDRESS_FAMILY, IPV6))
        .succeeds();
    assertEquals(1, world.openSockets());
    alice.permits(World.address("2001:db8:1::5", 1)).isRefused(443);
    alice.permits(peer).succeeds();
  }

  @Test
  void aFamilyThatTheAllocationHasNotIsAMismatch() {
    alice.allocates().succeeds();
    alice
        .asksSigned(
            Method.REFRESH,
            request ->
                request
                    .number(AttributeType.LIFETIME, 0)
                    .number(AttributeType.REQUESTED_ADDRESS_FAMILY, IPV6))
        .isRefused(443);
  }

  @Test
  void anotherUserMayNotTouchIt() {
    alice.allocates().succeeds();
    alice.named("bob").withPassword("builder");
    alice.refreshes(0).isRefused(441);
    alice.permits(peer).isRefused(441);
    alice.bindsChannel(0x4000, peer).isRefused(441);
    assertEquals(1, world.openSockets());
  }

  // §9 and §10 Permissions

  @Test
  void withoutAPermissionNothingPassesEitherWay() {
    alice.allocates().succeeds();
    alice.sends("hello", peer);
    peer.hearsNothing();
    peer.sends("hello", alice.relayed());
    alice.hearsNothing();
    assertEquals(2, world.count(Count.DROPPED_NO_PERMISSION));
  }

  @Test
  void aPermissionIsForTheHostWhateverThePort() {
    alice.allocates().succeeds();
    alice.permits(World.address("203.0.113.5", 1)).succeeds();
    alice.sends("hello", peer);
    peer.hears("hello");
    assertEquals(alice.relayed(), peer.lastFrom());
    world.peer("203.0.113.5", 9999).sends("hi", alice.relayed());
    world.peer("203.0.113.6", 7000).sends("let me in", alice.relayed());
    alice.hears("203.0.113.5:9999 hi");
  }

  @Test
  void aPermissionLastsFiveMinutes() {
    alice.allocates().succeeds();
    alice.permits(peer).succeeds();
    world.at(299, TimeUnit.SECONDS);
    peer.sends("in time", alice.relayed());
    alice.hears("203.0.113.5:7000 in time");
    world.at(300, TimeUnit.SECONDS);
    peer.sends("too late", alice.relayed());
    alice.sends("too late", peer);
    alice.hearsNothing();
    peer.hearsNothing();
  }

  @Test
  void aPermissionIsRefreshedByTheSameRequestAndByNoData() {
    alice.allocates(request -> request.number(AttributeType.LIFETIME, 3600)).succeeds();
    alice.permits(peer).succeeds();
    world.at(4, TimeUnit.MINUTES);
    alice.sends("data", peer);
    peer.sends("data", alice.relayed());
    alice.permits(peer).succeeds();
    world.at(8, TimeUnit.MINUTES);
    alice.sends("more", peer);
    peer.hears("data", "more");
    world.at(9, TimeUnit.MINUTES);
    alice.sends("too late", peer);
    peer.hearsNothing();
  }

  @Test
  void allPeersOfARequestArePermittedOrNone() {
    alice.allocates().succeeds();
    alice.permits(peer.address(), World.address("10.1.2.3", 1)).isRefused(403);
    alice.sends("hello", peer);
    peer.hearsNothing();
    Peer other = world.peer("203.0.113.6", 1);
    alice.permits(peer, other).succeeds();
    alice.sends("one", peer);
    alice.sends("two", other);
    peer.hears("one");
    other.hears("two");
  }

  @Test
  void aPermissionNeedsAPeerOfTheAllocationsFamily() {
    alice.allocates().succeeds();
    alice.asksSigned(Method.CREATE_PERMISSION, request -> {}).isRefused(400);
    alice.permits(World.address("2001:db8:1::5", 1)).isRefused(443);
    alice
        .asksSigned(
            Method.CREATE_PERMISSION,
            request -> request.bytes(AttributeType.XOR_PEER_ADDRESS, new byte[] {0, 1, 2, 3}))
        .isRefused(400);
  }

  @Test
  void aPermissionNeedsAnAllocation() {
    alice.permits(peer).isRefused(437);
  }

  // §11 Send and Data

  @Test
  void dataGoesBothWaysInIndications() {
    alice.allocates().succeeds();
    alice.permits(peer).succeeds();
    alice.sends("ping", peer);
    peer.hears("ping");
    peer.sends("pong", peer.lastFrom());
    alice.hears("203.0.113.5:7000 pong");
  }

  @Test
  void emptyAndOddSizedDatagramsPassWhole() {
    alice.allocates().succeeds();
    alice.permits(peer).succeeds();
    for (String text : List.of("", "1", "12", "123", "1234", "12345", "x".repeat(1400))) {
      alice.sends(text, peer);
      peer.hears(text);
      peer.sends(text, alice.relayed());
      alice.hears("203.0.113.5:7000 " + text);
    }
  }

  @Test
  void aSendIndicationMayForbidFragmentation() {
    alice.allocates(request -> request.flag(AttributeType.DONT_FRAGMENT)).succeeds();
    alice.permits(peer).succeeds();
    alice.sendsIndication(
        "whole", peer.address(), indication -> indication.flag(AttributeType.DONT_FRAGMENT));
    assertTrue(peer.lastWasNotToBeFragmented());
    alice.sends("any", peer);
    assertFalse(peer.lastWasNotToBeFragmented());
  }

  @Test
  void aSendIndicationWithAnUnknownAttributeIsDropped() {
    alice.allocates().succeeds();
    alice.permits(peer).succeeds();
    alice.sendsIndication("hello", peer.address(), indication -> indication.number(0x7001, 1));
    peer.hearsNothing();
    alice.isNotAnswered();
  }

  // §12 Channels

  @Test
  void dataGoesBothWaysOnAChannel() {
    alice.allocates().succeeds();
    alice.bindsChannel(0x4000, peer).succeeds();
    alice.sendsOnChannel(0x4000, "ping");
    peer.hears("ping");
    peer.sends("pong", alice.relayed());
    alice.hears("4000 pong");
  }

  @Test
  void aChannelIsForOnePortOthersOfTheHostComeAsIndications() {
    alice.allocates().succeeds();
    alice.bindsChannel(0x4000, peer).succeeds();
    world.peer("203.0.113.5", 7001).sends("other", alice.relayed());
    alice.hears("203.0.113.5:7001 other");
  }

  @Test
  void channelNumbersHaveARange() {
    alice.allocates().succeeds();
    for (int number : List.of(0, 0x3FFF, 0x7FFF, 0x8000, 0xFFFF)) {
      alice.bindsChannel(number, peer).isRefused(400);
    }
    alice.bindsChannel(0x4FFF, peer).succeeds();
    alice.bindsChannel(0x7FFE, World.address("203.0.113.6", 1)).succeeds();
  }

  @Test
  void aChannelAndAPeerBelongTogether() {
    alice.allocates().succeeds();
    alice.bindsChannel(0x4000, peer).succeeds();
    alice.bindsChannel(0x4000, peer).succeeds();
    alice.bindsChannel(0x4001, peer).isRefused(400);
    alice.bindsChannel(0x4000, World.address("203.0.113.5", 7001)).isRefused(400);
    alice.bindsChannel(0x4001, World.address("203.0.113.5", 7001)).succeeds();
  }

  @Test
  void aChannelNeedsANumberAndAPeerWithAPort() {
    alice.allocates().succeeds();
    alice
        .asksSigned(
            Method.CHANNEL_BIND,
            request -> request.number(AttributeType.CHANNEL_NUMBER, 0x4000_0000))
        .isRefused(400);
    alice
        .asksSigned(
            Method.CHANNEL_BIND,
            request -> request.xorAddress(AttributeType.XOR_PEER_ADDRESS, peer.address()))
        .isRefused(400);
    alice.bindsChannel(0x4000, World.address("203.0.113.5", 0)).isRefused(400);
    alice.bindsChannel(0x4000, World.address("2001:db8:1::5", 1)).isRefused(443);
  }

  @Test
  void aChannelLastsTenMinutesAndThenIsQuietForFive() {
    alice.allocates(request -> request.number(AttributeType.LIFETIME, 3600)).succeeds();
    alice.bindsChannel(0x4000, peer).succeeds();
    world.at(599, TimeUnit.SECONDS);
    alice.sendsOnChannel(0x4000, "in time");
    peer.hears("in time");
    world.at(10, TimeUnit.MINUTES);
    alice.sendsOnChannel(0x4000, "too late");
    peer.hearsNothing();
    Peer other = world.peer("203.0.113.6", 1);
    alice.bindsChannel(0x4000, other).isRefused(400);
    world.at(14, TimeUnit.MINUTES);
    alice.bindsChannel(0x4000, other).isRefused(400);
    world.at(15, TimeUnit.MINUTES);
    alice.bindsChannel(0x4000, other).succeeds();
    alice.bindsChannel(0x4001, peer).succeeds();
  }

  @Test
  void aQuietChannelMayBeBoundToItsOwnPeerAgain() {
    alice.allocates(request -> request.number(AttributeType.LIFETIME, 3600)).succeeds();
    alice.bindsChannel(0x4000, peer).succeeds();
    world.at(12, TimeUnit.MINUTES);
    alice.bindsChannel(0x4000, peer).succeeds();
    alice.sendsOnChannel(0x4000, "back");
    peer.hears("back");
  }

  @Test
  void aChannelsPermissionEndsBeforeTheChannel() {
    alice.allocates().succeeds();
    alice.bindsChannel(0x4000, peer).succeeds();
    world.at(5, TimeUnit.MINUTES);
    peer.sends("stranger by now", alice.relayed());
    alice.hearsNothing();
    alice.permits(peer).succeeds();
    peer.sends("welcome back", alice.relayed());
    alice.hears("4000 welcome back");
  }

  @Test
  void overAStreamChannelDataIsPaddedOverUdpItIsNot() {
    alice.allocates().succeeds();
    alice.bindsChannel(0x4000, peer).succeeds();
    peer.sends("12345", alice.relayed());
    assertEquals(4 + 5, alice.lastFrame().length);
    Client tcp = world.client("bob", Transport.TCP);
    tcp.allocates().succeeds();
    tcp.bindsChannel(0x4000, peer).succeeds();
    peer.sends("12345", tcp.relayed());
    assertEquals(4 + 8, tcp.lastFrame().length);
    tcp.hears("4000 12345");
  }

  // §3.2, §6 Streams

  @Test
  void aStreamThatEndsEndsItsAllocation() {
    Client tcp = world.client("alice", Transport.TCP);
    tcp.allocates().succeeds();
    tcp.disconnects();
    assertEquals(0, world.openSockets());
  }

  // Relay to relay

  @Test
  void twoRelayedClientsOfOneServerReachEachOther() {
    alice.allocates().succeeds();
    bob.allocates().succeeds();
    alice.permits(bob.relayed()).succeeds();
    bob.bindsChannel(0x4000, alice.relayed()).succeeds();
    alice.sends("hello bob", bob.relayed());
    bob.hears("4000 hello bob");
    bob.sendsOnChannel(0x4000, "hello alice");
    alice.hears(bob.relayed() + " hello alice");
  }

  @Test
  void theyDoSoWhenTheServerIsOnAPrivateAddressBehindA1To1Nat() {
    World nat = new World(setup -> setup.external("203.0.113.200").denying("192.0.2.0/24"));
    Client one = nat.client("alice");
    Client two = nat.client("bob");
    one.allocates().succeeds();
    two.allocates().succeeds();
    one.bindsChannel(0x4000, two.relayed()).succeeds();
    two.permits(one.relayed()).succeeds();
    one.sendsOnChannel(0x4000, "hello");
    two.hears(one.relayed() + " hello");
    two.sends("hello yourself", one.relayed());
    one.hears("4000 hello yourself");
  }

  // What an operator sees

  @Test
  void everyAllocationIsToldOfOnceAsItBeginsAndOnceAsItEnds() {
    Client carol = world.client("carol").untilSecond(1000);
    carol.allocates().succeeds();
    carol.permits(peer).succeeds();
    carol.sends("12345", peer);
    world.at(10, TimeUnit.SECONDS);
    carol.refreshes(0).succeeds();
    assertTrue(
        world.events().getFirst() instanceof TurnEvent.Allocated made
            && made.user().equals("carol"));
    TurnEvent.Released end = (TurnEvent.Released) world.events().getLast();
    assertEquals(TurnEvent.Reason.RELEASED, end.reason());
    assertEquals(10, end.seconds());
    assertEquals(1, end.packetsFromClient());
    assertEquals(5, end.bytesFromClient());
    assertEquals(2, world.events().size());
  }

  @Test
  void shuttingDownClosesEverything() {
    alice.allocates().succeeds();
    bob.allocates().succeeds();
    world.shutsDown();
    assertEquals(0, world.openSockets());
    assertEquals(0, world.count(Count.ALLOCATIONS_NOW));
  }
}
