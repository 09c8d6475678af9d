package kith.turn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import kith.turn.Counters.Count;
import kith.turn.stun.AddressFamily;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an attacker would try, one attempt a test. */
class AttackTest {
  private final World world = new World();
  private final Client alice = world.client("alice");
  private final Client mallory = world.client("mallory");
  private final Peer peer = world.peer("203.0.113.5", 7000);

  private static final int IPV6 = 2 << 24;

  // Into the operator's own network

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "100.64.0.1",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.168.1.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255"
      })
  void noPermissionLeadsToAnIpv4AddressThatIsNotPublic(String address) {
    alice.allocates().succeeds();
    alice.permits(World.address(address, 80)).isRefused(403);
    alice.bindsChannel(0x4000, World.address(address, 80)).isRefused(403);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "::",
        "::1",
        "::7f00:1",
        "64:ff9b::7f00:1",
        "64:ff9b::a00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "2002:7f00:1::1",
        "2002:c0a8:101::1",
        "2002:a9fe:a9fe::",
        "2001::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "100::1"
      })
  void noPermissionLeadsToAnIpv6AddressThatIsNotPublicOrHidesOneThatIsNot(String address) {
    allocatesIpv6(alice);
    alice.permits(World.address(address, 80)).isRefused(403);
    alice.bindsChannel(0x4000, World.address(address, 80)).isRefused(403);
  }

  private static void allocatesIpv6(Client client) {
    client
        .allocates(request -> request.number(AttributeType.REQUESTED_ADDRESS_FAMILY, IPV6))
        .succeeds();
  }

  @Test
  void anIpv4AddressInIpv6ClothesIsNoPeer() {
    allocatesIpv6(alice);
    for (String address : List.of("127.0.0.1", "10.0.0.1", "203.0.113.5")) {
      asIpv6(Method.CREATE_PERMISSION, World.address(address, 80)).isRefused(403);
    }
  }

  @Test
  void anIpv4AddressInIpv6ClothesDoesNotUseThePermissionOfTheIpv4Address() {
    alice.allocates().succeeds();
    alice.permits(peer).succeeds();
    TransactionId id = new TransactionId(5, 6);
    alice.sendsRaw(
        StunWriter.of(MessageClass.INDICATION, Method.SEND, id)
            .bytes(AttributeType.XOR_PEER_ADDRESS, clothed(peer.address(), id))
            .text(AttributeType.DATA, "in disguise")
            .finish());
    peer.hearsNothing();
  }

  private Reply asIpv6(int method, TransportAddress ipv4) {
    TransactionId id = new TransactionId(1, 2);
    alice.asksSigned(Method.REFRESH, request -> {}); // to know a nonce
    return alice
        .with(id)
        .asksSigned(
            method, request -> request.bytes(AttributeType.XOR_PEER_ADDRESS, clothed(ipv4, id)));
  }

  /** ::ffff:a.b.c.d as an XORed IPv6 attribute value. */
  private static byte[] clothed(TransportAddress ipv4, TransactionId id) {
    return ByteBuffer.allocate(20)
        .putShort((short) AddressFamily.IPV6.code())
        .putShort((short) (ipv4.port() ^ 0x2112))
        .putLong(0x2112A442L << 32 | (id.high() & 0xFFFF_FFFFL))
        .putLong(ipv4.low() ^ id.low())
        .array();
  }

  @Test
  void publicAddressesInTheSameWrappingsArePeers() {
    allocatesIpv6(alice);
    alice
        .permits(World.address("64:ff9b::cb00:7105", 80), World.address("2002:cb00:7105::1", 80))
        .succeeds();
  }

  @Test
  void whatTheOperatorAllowsIsReached() {
    World lan = new World(setup -> setup.allowing("192.168.1.0/24"));
    Client client = lan.client("alice");
    Peer printer = lan.peer("192.168.1.7", 631);
    client.allocates().succeeds();
    client.permits(printer).succeeds();
    client.permits(World.address("192.168.2.7", 1)).isRefused(403);
    client.sends("hello", printer);
    printer.hears("hello");
  }

  @Test
  void whatTheOperatorDeniesIsNotReached() {
    World strict = new World(setup -> setup.denying("203.0.113.0/24"));
    Client client = strict.client("alice");
    client.allocates().succeeds();
    client.permits(World.address("203.0.113.5", 1)).isRefused(403);
    client.permits(World.address("198.51.100.5", 1)).succeeds();
  }

  // Into the server's own machine

  @Test
  void onTheServersOwnAddressOnlyLiveRelaysAreReached() {
    alice.allocates().succeeds();
    Client bob = world.client("bob");
    bob.allocates().succeeds();
    bob.permits(alice.relayed()).succeeds();
    Peer ssh = world.peer("192.0.2.15", 22);
    alice.permits(ssh).succeeds();
    alice.sends("hello", ssh);
    ssh.hearsNothing();
    ssh.sends("hello", alice.relayed());
    alice.hearsNothing();
    alice.sends("hello", bob.relayed());
    bob.hears(alice.relayed() + " hello");
  }

  @Test
  void aRelayThatIsGoneIsNotReachedThoughAnotherProgramTakesItsPort() {
    alice.allocates().succeeds();
    Client bob = world.client("bob");
    TransportAddress port = bob.allocates().succeeds().relayed();
    alice.bindsChannel(0x4000, port).succeeds();
    bob.refreshes(0).succeeds();
    Peer program = world.peer("192.0.2.15", port.port());
    alice.sendsOnChannel(0x4000, "hello");
    program.hearsNothing();
  }

  @Test
  void otherAddressesOfTheMachineAreNotReached() {
    alice.allocates().succeeds();
    Peer docker = world.peer("10.0.0.15", 2375);
    alice.permits(docker).succeeds();
    alice.sends("hello", docker);
    docker.hearsNothing();
  }

  @Test
  void aRelayIsNotLedBackToItsOwnServer() {
    World open = new World(setup -> setup.allowing("192.0.2.15"));
    Client client = open.client("alice");
    client.allocates().succeeds();
    Peer server = open.peer("192.0.2.15", 3478);
    client.permits(server).succeeds();
    client.bindsChannel(0x4000, server).succeeds();
    client.sends("hello", server);
    client.sendsOnChannel(0x4000, "hello");
    server.hearsNothing();
    Peer other = open.peer("192.0.2.15", 8080);
    client.sends("allowed", other);
    other.hears("allowed");
  }

  @Test
  void aClientWhoseAddressIsARelayOfThisServerIsNotServed() {
    alice.allocates().succeeds();
    Client looped = world.client("bob", Transport.UDP, alice.relayed());
    looped.sendsRaw(
        StunWriter.of(MessageClass.REQUEST, Method.BINDING, new TransactionId(1, 2)).finish());
    looped.isNotAnswered();
  }

  @Test
  void aRelayMaySendToItselfAndTheServerDoesNotMindIt() {
    alice.allocates().succeeds();
    alice.permits(alice.relayed()).succeeds();
    alice.sends("echo", alice.relayed());
    alice.hears(alice.relayed() + " echo");
  }

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
  void noErrorRepliesGoToErrorReplies() {
    Reply challenge = mallory.asks(Method.ALLOCATE, request -> {});
    mallory.sendsRaw(challenge.bytes());
    mallory.isNotAnswered();
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
    TurnShared shared = new TurnShared(settings, new Random(7), 0);
    return shared.nonces().mint(World.address("198.51.100.7", 5000), 1_000_000);
  }

  // Exhaustion

  @Test
  void oneUserCannotTakeAllPorts() {
    World narrow =
        new World(
            setup ->
                setup.relayPorts(50_000, 50_009).limits(new Limits(100, 4, 64, 64, 0, 0, 1000)));
    for (int i = 0; i < 20; i++) {
      narrow.client("alice").allocates();
    }
    assertEquals(4, narrow.openSockets());
    narrow.client("bob").allocates().succeeds();
  }

  @Test
  void reservingPortsIsNoWayAroundTheQuota() {
    World narrow = new World(setup -> setup.limits(new Limits(100, 4, 64, 64, 0, 0, 1000)));
    for (int i = 0; i < 20; i++) {
      Client alice = narrow.client("alice");
      reservesTheNextPort(alice);
      alice.refreshes(0);
    }
    assertEquals(3, narrow.openSockets());
    reservesTheNextPort(narrow.client("alice")).isRefused(486);
    narrow.after(30, TimeUnit.SECONDS);
    assertEquals(0, narrow.openSockets());
    for (int i = 0; i < 4; i++) {
      narrow.client("alice").allocates().succeeds();
    }
    narrow.client("alice").allocates().isRefused(486);
  }

  @Test
  void aReservedPortCountsAgainstTheQuotaInAll() {
    World small = new World(setup -> setup.limits(new Limits(3, 10, 64, 64, 0, 0, 1000)));
    reservesTheNextPort(small.client("alice")).succeeds();
    reservesTheNextPort(small.client("bob")).isRefused(486);
    small.client("bob").allocates().succeeds();
    small.client("bob").allocates().isRefused(486);
  }

  @Test
  void aReservationKeepsItsPlaceInTheQuotaForWhoRedeemsIt() {
    World small = new World(setup -> setup.limits(new Limits(100, 2, 64, 64, 0, 0, 1000)));
    Client first = small.client("alice");
    byte[] token = reservesTheNextPort(first).value(AttributeType.RESERVATION_TOKEN);
    Client second = small.client("alice");
    second.allocates(request -> request.bytes(AttributeType.RESERVATION_TOKEN, token)).succeeds();
    small.client("alice").allocates().isRefused(486);
    small.after(30, TimeUnit.SECONDS);
    small.client("alice").allocates().isRefused(486);
    first.refreshes(0).succeeds();
    second.refreshes(0).succeeds();
    reservesTheNextPort(small.client("alice")).succeeds();
  }

  private static Reply reservesTheNextPort(Client client) {
    return client.allocates(
        request -> request.bytes(AttributeType.EVEN_PORT, new byte[] {(byte) 0x80}));
  }

  @Test
  void withEveryPortTakenARequestIsRefusedAndOneGivenBackIsFound() {
    World narrow = new World(setup -> setup.relayPorts(50_000, 50_003));
    Client first = narrow.client("alice");
    int port = first.allocates().succeeds().relayed().port();
    for (int i = 0; i < 3; i++) {
      narrow.client("alice").allocates().succeeds();
    }
    narrow.client("bob").allocates().isRefused(508);
    first.refreshes(0).succeeds();
    assertEquals(port, narrow.client("bob").allocates().succeeds().relayed().port());
  }

  @Test
  void anAllocationHoldsSoManyPermissionsAndChannels() {
    World small = new World(setup -> setup.limits(new Limits(100, 10, 4, 2, 0, 0, 1000)));
    Client client = small.client("alice");
    client.allocates().succeeds();
    client.bindsChannel(0x4000, World.address("203.0.113.1", 1)).succeeds();
    client.bindsChannel(0x4001, World.address("203.0.113.2", 1)).succeeds();
    client.bindsChannel(0x4002, World.address("203.0.113.2", 2)).isRefused(508);
    client.permits(World.address("203.0.113.3", 1), World.address("203.0.113.4", 1)).succeeds();
    client.permits(World.address("203.0.113.5", 1)).isRefused(508);
    client.permits(World.address("203.0.113.4", 1)).succeeds();
    small.after(299, TimeUnit.SECONDS);
    client.permits(World.address("203.0.113.4", 1)).succeeds();
    small.after(60, TimeUnit.SECONDS);
    client.permits(World.address("203.0.113.5", 1)).succeeds();
  }

  @Test
  void requestsWithoutCredentialsLeaveNothingBehind() {
    for (int i = 0; i < 10_000; i++) {
      mallory.sendsRaw(
          StunWriter.of(MessageClass.REQUEST, Method.ALLOCATE, new TransactionId(i, i)).finish());
    }
    assertEquals(0, world.openSockets());
    assertEquals(0, world.count(Count.ALLOCATIONS_MADE));
  }

  @Test
  void bandwidthIsBounded() {
    World slow = new World(setup -> setup.limits(new Limits(100, 10, 64, 64, 1_000, 0, 1000)));
    Client client = slow.client("alice");
    Peer to = slow.peer("203.0.113.5", 7000);
    client.allocates().succeeds();
    client.permits(to).succeeds();
    client.sends("x".repeat(600), to);
    client.sends("y".repeat(600), to);
    to.hears("x".repeat(600));
    slow.after(500, TimeUnit.MILLISECONDS);
    to.sends("z".repeat(600), client.relayed());
    client.hears("203.0.113.5:7000 " + "z".repeat(600));
    assertEquals(1, slow.count(Count.DROPPED_BANDWIDTH));
  }

  // Broken messages

  @Test
  void aSignedRequestWithAnyBitChangedMakesNoAllocation() {
    alice.learnsNonce(alice.asks(Method.ALLOCATE, request -> {}));
    byte[] request = allocateRequest();
    for (int bit = 0; bit < request.length * 8; bit++) {
      byte[] changed = request.clone();
      changed[bit / 8] ^= (byte) (1 << (bit % 8));
      alice.sendsRaw(changed);
      assertEquals(0, world.count(Count.ALLOCATIONS_MADE), "bit " + bit);
    }
  }

  private byte[] allocateRequest() {
    return alice.signed(
        Method.ALLOCATE, request -> request.number(AttributeType.REQUESTED_TRANSPORT, 17 << 24));
  }

  @Test
  void aRequestCutOffAnywhereIsNotAnswered() {
    alice.learnsNonce(alice.asks(Method.ALLOCATE, request -> {}));
    byte[] request = allocateRequest();
    for (int length = 0; length < request.length; length++) {
      alice.sendsRaw(Arrays.copyOf(request, length));
      alice.isNotAnswered();
    }
  }

  @Test
  void anAttributeLongerThanItsMessageIsNotAnswered() {
    byte[] request =
        StunWriter.of(MessageClass.REQUEST, Method.BINDING, new TransactionId(1, 2))
            .number(0x8022, 1)
            .finish();
    for (int length : List.of(5, 8, 100, 0x7FFF, 0xFFFF)) {
      alice.sendsRaw(ByteBuffer.wrap(request.clone()).putShort(22, (short) length).array());
    }
    alice.isNotAnswered();
  }

  @Test
  void aMessageWhoseLengthLiesIsNotAnswered() {
    byte[] request =
        StunWriter.of(MessageClass.REQUEST, Method.BINDING, new TransactionId(1, 2))
            .number(0x8022, 1)
            .finish();
    for (int length : List.of(0, 4, 7, 12, 0xFFFC, 0xFFFF)) {
      alice.sendsRaw(ByteBuffer.wrap(request.clone()).putShort(2, (short) length).array());
    }
    alice.isNotAnswered();
  }

  @Test
  void aMessageOfAThousandAttributesIsNotAnswered() {
    StunWriter writer =
        StunWriter.of(MessageClass.REQUEST, Method.BINDING, new TransactionId(1, 2), 4_000);
    for (int i = 0; i < 1_000; i++) {
      writer.flag(0x8022);
    }
    alice.sendsRaw(writer.finish());
    alice.isNotAnswered();
  }

  @Test
  void attributesOfTheWrongSizeAreBadRequests() {
    alice.allocates().succeeds();
    byte[] odd = {1, 2, 3};
    alice
        .asksSigned(Method.REFRESH, request -> request.bytes(AttributeType.LIFETIME, odd))
        .isRefused(400);
    alice
        .asksSigned(
            Method.CHANNEL_BIND, request -> request.bytes(AttributeType.CHANNEL_NUMBER, odd))
        .isRefused(400);
    alice
        .asksSigned(
            Method.CREATE_PERMISSION, request -> request.bytes(AttributeType.XOR_PEER_ADDRESS, odd))
        .isRefused(400);
  }

  @Test
  void channelDataThatLiesAboutItsLengthIsDropped() {
    alice.allocates().succeeds();
    alice.bindsChannel(0x4000, peer).succeeds();
    byte[] data = {'a', 'b', 'c'};
    for (int length : List.of(4, 5, 1000, 0xFFFF)) {
      alice.sendsRaw(Client.channelData(0x4000, length, data));
    }
    alice.sendsRaw(new byte[] {0x40});
    alice.sendsRaw(new byte[] {0x40, 0x00, 0x00});
    alice.sendsRaw(new byte[0]);
    peer.hearsNothing();
    alice.sendsRaw(Client.channelData(0x4000, 2, data));
    peer.hears("ab");
  }

  @Test
  void anUnboundChannelLeadsNowhere() {
    alice.allocates().succeeds();
    for (int number = 0x4000; number < 0x8000; number++) {
      alice.sendsOnChannel(number, "anyone?");
    }
    peer.hearsNothing();
  }

  @Test
  void noiseChangesNothing() {
    alice.allocates().succeeds();
    Random random = new Random(1);
    for (int i = 0; i < 100_000; i++) {
      byte[] noise = new byte[random.nextInt(80)];
      random.nextBytes(noise);
      alice.sendsRaw(noise);
      peer.sends(noise, alice.relayed());
    }
    assertEquals(1, world.openSockets());
    alice.hearsNothing();
  }
}
