package kith.turn;

import java.nio.ByteBuffer;
import java.util.List;
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

/** Attempts to get into the operator's own network and machine. */
class DeniedPeersTest {
  private final World world = new World();
  private final Client alice = world.client("alice");
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
        "168.63.129.16",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.19.255.255",
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
        "64:ff9b::a83f:8110",
        "64:ff9b:0:1::cb00:7105",
        "64:ff9b:1::1",
        "::ffff:0:7f00:1",
        "::ffff:0:cb00:7105",
        "2002:7f00:1::1",
        "2001:db8::5efe:7f00:1",
        "2001:db8:1::200:5efe:a00:1",
        "fe80::5efe:cb00:7105",
        "fd00::200:5efe:cb00:7105",
        "2002:c0a8:101::1",
        "2002:a9fe:a9fe::",
        "2002:cb00:7105::5efe:7f00:1",
        "2002:7f00:1::5efe:cb00:7105",
        "2001::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "100::1",
        "1fff::1",
        "4000::1",
        "5f00::1",
        "8000::1",
        "e000::1"
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
        .permits(
            World.address("64:ff9b::cb00:7105", 80),
            World.address("2002:cb00:7105::1", 80),
            World.address("2001:db8:1::5efe:cb00:7105", 80))
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

  // Past the firewall that the server is behind

  @Test
  void theDevicesOfTheServersOwnNetworkAreNotReached() {
    World home = new World(setup -> setup.in("2001:db8::/64"));
    Client client = home.client("alice");
    allocatesIpv6(client);
    client.permits(World.address("2001:db8::7", 80)).isRefused(403);
    client.bindsChannel(0x4000, World.address("2001:db8::7", 80)).isRefused(403);
    client.permits(World.address("2001:db8:0:1::7", 80)).succeeds();
  }

  @Test
  void thoseThatTheOperatorAllowsAre() {
    World home = new World(setup -> setup.in("2001:db8::/64").allowing("2001:db8::7"));
    Client client = home.client("alice");
    Peer printer = home.peer("2001:db8::7", 631);
    allocatesIpv6(client);
    client.permits(printer).succeeds();
    client.sends("hello", printer);
    printer.hears("hello");
    client.permits(World.address("2001:db8::8", 631)).isRefused(403);
  }

  @Test
  void twoClientsThatAreRelayedInTheServersOwnNetworkReachEachOther() {
    World home = new World(setup -> setup.in("2001:db8::/64"));
    Client client = home.client("alice");
    Client other = home.client("bob");
    allocatesIpv6(client);
    allocatesIpv6(other);
    client.permits(other.relayed()).succeeds();
    other.permits(client.relayed()).succeeds();
    client.sends("hello", other.relayed());
    other.hears(client.relayed() + " hello");
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
  void theServersOwnAddressIsNotReachedByAnotherSpelling() {
    World open = new World(setup -> setup.allowing("192.0.2.15"));
    for (World any : List.of(world, open)) {
      Client client = any.client("alice");
      allocatesIpv6(client);
      for (String spelled :
          List.of(
              "64:ff9b::c000:20f",
              "2002:c000:20f::1",
              "2001:db8:1::5efe:c000:20f",
              "64:ff9b::a00:f")) {
        client.permits(World.address(spelled, 3478)).isRefused(403);
        client.bindsChannel(0x4000, World.address(spelled, 3478)).isRefused(403);
      }
    }
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
}
