package kith.turn.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import kith.turn.IpRange;
import kith.turn.OwnAddresses;
import kith.turn.stun.AddressFamily;
import kith.turn.stun.AttributeType;
import kith.turn.stun.StunWriter;
import kith.turn.stun.TransportAddress;
import kith.turn.world.Client;
import kith.turn.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A machine that changes under a running server. */
class FollowerTest {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
  private static final InetAddress LOOPBACK6 = InetAddress.ofLiteral("::1");
  private static final InetAddress LATER = InetAddress.ofLiteral("203.0.113.77");

  @TempDir private static Path directory;

  private final OwnAddresses own = new OwnAddresses();
  private final Set<InetAddress> machine = new HashSet<>(Set.of(LOOPBACK));
  private Set<IpRange> links = Set.of();
  private final List<InetAddress> served = new ArrayList<>();
  private final List<InetAddress> inUse = new ArrayList<>();

  private boolean isOwn(InetAddress address) {
    TransportAddress at = TransportAddress.of(address, 0);
    return own.contains(at.high(), at.low());
  }

  private interface Addresses {
    Set<InetAddress> now() throws SocketException;
  }

  private Networks having(Addresses addresses) {
    return new Networks() {
      @Override
      public Set<InetAddress> addresses() throws SocketException {
        return addresses.now();
      }

      @Override
      public Set<IpRange> links() {
        return links;
      }

      @Override
      public Network of(InetAddress address) {
        return Network.UNKNOWN;
      }

      @Override
      public Optional<InetAddress> sourceTowards(InetAddress there) {
        return Optional.empty();
      }
    };
  }

  private Follower follower(Addresses addresses, Tls tls) throws SocketException {
    TurnOptions options = TurnOptions.defaults().withListen(LOOPBACK);
    Sites sites = new Sites(options, own, having(addresses));
    return new Follower(server(sites), sites, false, tls);
  }

  private Follower followerOfAll() throws SocketException {
    Sites sites = new Sites(TurnOptions.defaults(), own, having(() -> machine));
    return new Follower(server(sites), sites, true, null);
  }

  private Follower.Server server(Sites sites) {
    return new Follower.Server() {
      @Override
      public void serve(List<InetAddress> addresses) throws IOException {
        sites.add(addresses);
        served.addAll(addresses);
      }

      @Override
      public List<InetAddress> giveUp(List<InetAddress> gone) {
        List<InetAddress> left = gone.stream().filter(one -> !inUse.contains(one)).toList();
        left.forEach(sites::remove);
        served.removeAll(left);
        return left;
      }
    };
  }

  @Test
  void anAddressThatVanishesIsGivenUpOnceNobodyIsServedThere() throws Exception {
    Follower follower = followerOfAll();
    machine.add(LATER);
    follower.look();
    assertEquals(Set.of(LOOPBACK, LATER), Set.copyOf(served));
    machine.remove(LATER);
    inUse.add(LATER);
    follower.look();
    assertEquals(Set.of(LOOPBACK, LATER), Set.copyOf(served));
    inUse.clear();
    follower.look();
    assertEquals(List.of(LOOPBACK), served);
    assertTrue(isOwn(LATER), "what it had is no peer, in case it comes back");
    machine.add(LATER);
    follower.look();
    assertEquals(List.of(LOOPBACK, LATER), served);
  }

  @Test
  void anAddressThatComesLaterIsItsOwnAlthoughItIsNotServedAt() throws Exception {
    Follower follower = follower(() -> machine, null);
    follower.look();
    assertFalse(isOwn(LATER));
    machine.add(LATER);
    follower.look();
    assertTrue(isOwn(LATER));
    assertEquals(List.of(), served);
  }

  @Test
  void theNetworksAreThoseThatTheMachineIsInNow() throws Exception {
    TransportAddress device = TransportAddress.of(InetAddress.ofLiteral("2001:db8::7"), 0);
    Follower follower = follower(() -> machine, null);
    links = Set.of(IpRange.parse("2001:db8::/64"));
    follower.look();
    assertTrue(own.isOnLink(device.high(), device.low()));
    links = Set.of();
    follower.look();
    assertFalse(own.isOnLink(device.high(), device.low()));
  }

  @Test
  void itGoesOnWhateverItFinds() throws Exception {
    TestCertificate certificate = TestCertificate.make(directory, "followed");
    TestCertificate renewed = TestCertificate.make(directory, "renewed");
    Tls tls = new Tls(certificate.options());
    Follower follower =
        follower(
            () -> {
              throw new IllegalStateException("nobody thought of this");
            },
            tls);
    Files.writeString(
        certificate.key(), "-----BEGIN PRIVATE KEY-----\nMIGHAgEAM\n-----END PRIVATE KEY-----\n");
    follower.look();
    Files.copy(renewed.chain(), certificate.chain(), StandardCopyOption.REPLACE_EXISTING);
    Files.copy(renewed.key(), certificate.key(), StandardCopyOption.REPLACE_EXISTING);
    follower.look();
    assertFalse(tls.reload(), "the renewed one is served");
  }

  @Test
  void whoComesToAnOldAddressIsRelayedFromANewOneOfTheOtherFamily() throws Exception {
    assumeTrue(Stations.loopbacks().contains(LOOPBACK6), "this machine has no IPv6");
    try (TurnServer server = TurnServer.start(usual())) {
      Client alice = UdpWire.client("alice", LOOPBACK, server.port());
      Consumer<StunWriter> overIpv6 =
          request -> request.number(AttributeType.REQUESTED_ADDRESS_FAMILY, 2 << 24);
      alice.allocates(overIpv6).isRefused(440);
      server.serve(List.of(LOOPBACK6));
      alice.allocates(overIpv6).succeeds();
      assertEquals(AddressFamily.IPV6, alice.relayed().family());
    }
  }

  @EachEngine
  void whereNobodyIsServedAnyMoreThePortIsFree(EngineKind engine) throws Exception {
    assumeTrue(Stations.works(engine), "this machine forbids it");
    InetAddress gone = InetAddress.ofLiteral("127.0.0.2");
    try (TurnServer server = TurnServer.start(usual().withEngine(engine))) {
      server.serve(List.of(gone));
      Client alice = UdpWire.client("alice", gone, server.port());
      alice.allocates().succeeds();
      assertEquals(List.of(), server.giveUp(List.of(gone)));
      alice.refreshes(0).succeeds();
      Patience.until(() -> server.giveUp(List.of(gone)).equals(List.of(gone)));
      Patience.until(() -> isFree(gone, server.port()));
      UdpWire.client("alice", LOOPBACK, server.port()).allocates().succeeds();
      server.serve(List.of(gone));
      UdpWire.client("alice", gone, server.port()).allocates().succeeds();
      StreamWire.client("alice", gone, server.port()).allocates().succeeds();
    }
  }

  private static boolean isFree(InetAddress address, int port) {
    try (DatagramSocket udp = new DatagramSocket(port, address);
        ServerSocket tcp = new ServerSocket()) {
      tcp.setReuseAddress(true);
      tcp.bind(new InetSocketAddress(address, port));
      return udp.isBound();
    } catch (IOException taken) {
      return false;
    }
  }

  private static TurnOptions usual() {
    return TurnOptions.defaults()
        .withPort(0)
        .withListen(LOOPBACK)
        .withRealm(World.REALM)
        .withUsers(Map.of("alice", "wonderland"))
        .withLoops(2);
  }

  @Test
  void anAddressThatIsNotToBeHadHoldsUpNoOtherAndIsServedAtOnceItIs() throws Exception {
    InetAddress taken = InetAddress.ofLiteral("127.0.0.2");
    InetAddress free = InetAddress.ofLiteral("127.0.0.3");
    TurnOptions options = TurnOptions.defaults().withPort(0).withListen(LOOPBACK);
    try (TurnServer server = TurnServer.start(options)) {
      try (DatagramSocket other = new DatagramSocket(server.port(), taken)) {
        assertTrue(other.isBound());
        assertThrows(IOException.class, () -> server.serve(List.of(taken, free)));
        UdpWire.client("alice", free, server.port()).binds().succeeds();
      }
      server.serve(List.of(taken));
      UdpWire.client("alice", taken, server.port()).binds().succeeds();
    }
  }
}
