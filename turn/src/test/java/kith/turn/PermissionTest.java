package kith.turn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.TimeUnit;
import kith.turn.Counters.Count;
import kith.turn.stun.AttributeType;
import kith.turn.stun.Method;
import kith.turn.stun.TransportAddress;
import kith.turn.world.Client;
import kith.turn.world.Peer;
import kith.turn.world.World;
import org.junit.jupiter.api.Test;

/** RFC 8656 §9 to §11: permissions, Send and Data. */
class PermissionTest {
  private final World world = new World();
  private final Client alice = world.client("alice");
  private final Peer peer = world.peer("203.0.113.5", 7000);

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

  /**
   * §13: between UDP and UDP it says nothing where either is over IPv6, and §15: of TCP it does.
   */
  @Test
  void overIpv6OnlyAClientOfTcpMayForbidFragmentation() {
    TransportAddress far = World.address("2001:db8:1::9", 4_000);
    Peer farPeer = world.peer("2001:db8:1::5", 7000);
    assertFalse(forbidsFragmentation(world.client("alice"), farPeer));
    assertFalse(forbidsFragmentation(world.client("alice", Transport.UDP, far), farPeer));
    assertFalse(forbidsFragmentation(world.client("alice", Transport.UDP, far), peer));
    assertTrue(forbidsFragmentation(world.client("alice", Transport.TCP), peer));
    assertTrue(forbidsFragmentation(world.client("alice", Transport.TCP, far), farPeer));
  }

  private static boolean forbidsFragmentation(Client client, Peer to) {
    client.allocates(request -> request.number(AttributeType.ADDITIONAL_ADDRESS_FAMILY, 2 << 24));
    client.permits(to).succeeds();
    client.sendsIndication(
        "whole", to.address(), indication -> indication.flag(AttributeType.DONT_FRAGMENT));
    to.hears("whole");
    client.refreshes(0).succeeds();
    return to.lastWasNotToBeFragmented();
  }

  @Test
  void aSendIndicationWithAnUnknownAttributeIsDropped() {
    alice.allocates().succeeds();
    alice.permits(peer).succeeds();
    alice.sendsIndication("hello", peer.address(), indication -> indication.number(0x7001, 1));
    peer.hearsNothing();
    alice.isNotAnswered();
  }
}
