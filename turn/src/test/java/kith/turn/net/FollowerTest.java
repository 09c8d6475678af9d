package kith.turn.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import kith.turn.IpRange;
import kith.turn.OwnAddresses;
import kith.turn.stun.TransportAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A machine that changes under a running server. */
class FollowerTest {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
  private static final InetAddress LATER = InetAddress.ofLiteral("203.0.113.77");

  @TempDir private static Path directory;

  private final OwnAddresses own = new OwnAddresses();
  private final Set<InetAddress> machine = new HashSet<>(Set.of(LOOPBACK));
  private Set<IpRange> links = Set.of();
  private final List<InetAddress> served = new ArrayList<>();

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
    return new Follower(served::addAll, sites, false, tls);
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
