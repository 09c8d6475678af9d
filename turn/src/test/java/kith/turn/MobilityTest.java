package kith.turn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import kith.turn.stun.AttributeType;
import kith.turn.stun.TransportAddress;
import kith.turn.world.Client;
import kith.turn.world.Peer;
import kith.turn.world.Reply;
import kith.turn.world.World;
import org.junit.jupiter.api.Test;

/** RFC 8016: a client keeps its allocation when its address changes. */
class MobilityTest {
  private final World world = new World();
  private final Client atHome = world.client("alice");
  private final Client outside =
      world.client("alice", Transport.UDP, World.address("198.51.100.200", 4000));
  private final Peer peer = world.peer("203.0.113.5", 7000);

  private static Reply allocatesMobile(Client client) {
    return client.allocates(request -> request.bytes(AttributeType.MOBILITY_TICKET, new byte[0]));
  }

  private static byte[] ticket(Reply reply) {
    return reply.succeeds().value(AttributeType.MOBILITY_TICKET);
  }

  @Test
  void aTicketIsGivenToWhoAsksForOne() {
    assertEquals(22, ticket(allocatesMobile(atHome)).length);
    assertFalse(world.client("bob").allocates().has(AttributeType.MOBILITY_TICKET));
  }

  @Test
  void aRetransmittedRequestGetsTheSameTicket() {
    Reply first = allocatesMobile(atHome);
    assertArrayEquals(first.bytes(), allocatesMobile(atHome.again()).bytes());
  }

  @Test
  void aRetransmittedRefreshGetsTheSameTicketAndThatIsGood() {
    byte[] ticket = ticket(allocatesMobile(atHome));
    Reply first = outside.refreshesWith(ticket);
    for (int i = 0; i < 3; i++) {
      assertArrayEquals(first.bytes(), outside.again().refreshesWith(ticket).bytes());
    }
    atHome.refreshesWith(ticket(first)).succeeds();
  }

  @Test
  void theAllocationMovesWithItsPermissionsAndChannels() {
    byte[] ticket = ticket(allocatesMobile(atHome));
    atHome.bindsChannel(0x4000, peer).succeeds();
    outside.refreshesWith(ticket).succeeds();
    outside.sendsOnChannel(0x4000, "outside");
    peer.hears("outside");
    peer.sends("where are you?", atHome.relayed());
    outside.hears("4000 where are you?");
    atHome.hearsNothing();
    atHome.sendsOnChannel(0x4000, "the old address is no good any more");
    peer.hearsNothing();
    atHome.refreshes(600).isRefused(437);
    assertEquals(1, world.openSockets());
  }

  @Test
  void itMovesAgainWithTheNextTicket() {
    byte[] first = ticket(allocatesMobile(atHome));
    byte[] second = ticket(outside.refreshesWith(first));
    assertFalse(Arrays.equals(first, second));
    byte[] third = ticket(atHome.refreshesWith(second));
    outside.refreshesWith(first).isRefused(437);
    outside.refreshesWith(third).succeeds();
  }

  // §3.2.2: between the Refresh and the first data from the new address

  private void goesOut() {
    byte[] ticket = ticket(allocatesMobile(atHome));
    atHome.bindsChannel(0x4000, peer).succeeds();
    outside.refreshesWith(ticket).succeeds();
  }

  private void peerReaches(Client client) {
    peer.sends("are you there?", atHome.relayed());
    client.hears("4000 are you there?");
    for (Client other : List.of(atHome, outside)) {
      other.hearsNothing();
    }
  }

  @Test
  void untilItSendsFromTheNewAddressTheFormerOneIsStillGood() {
    goesOut();
    peerReaches(atHome);
    atHome.sendsOnChannel(0x4000, "not gone yet");
    peer.hears("not gone yet");
    atHome.permits(World.address("203.0.113.6", 1)).succeeds();
    peerReaches(atHome);
    outside.sendsOnChannel(0x4000, "gone");
    peer.hears("gone");
    peerReaches(outside);
  }

  @Test
  void aRefreshThatIsSentAgainIsNoWordFromTheNewAddressAnotherRequestIs() {
    byte[] ticket = ticket(allocatesMobile(atHome));
    atHome.bindsChannel(0x4000, peer).succeeds();
    outside.refreshesWith(ticket).succeeds();
    outside.again().refreshesWith(ticket).succeeds();
    peerReaches(atHome);
    outside.permits(peer).succeeds();
    peerReaches(outside);
  }

  @Test
  void anIndicationFromTheNewAddressIsAWordFromIt() {
    goesOut();
    outside.sends("gone", peer);
    peer.hears("gone");
    peerReaches(outside);
  }

  @Test
  void whoIsSilentOnBothIsAtTheNewAddressAfterHalfAMinute() {
    goesOut();
    world.after(29, TimeUnit.SECONDS);
    peerReaches(atHome);
    world.after(1, TimeUnit.SECONDS);
    peerReaches(outside);
    atHome.refreshes(600).isRefused(437);
  }

  @Test
  void whoGoesOnAtTheFormerAddressAloneStaysThere() {
    goesOut();
    atHome.sendsOnChannel(0x4000, "the reply got lost");
    world.after(30, TimeUnit.SECONDS);
    peerReaches(atHome);
    outside.refreshes(600).isRefused(437);
    atHome.refreshes(600).succeeds();
  }

  @Test
  void whenTheFormerConnectionEndsTheNewAddressIsGoodAtOnce() {
    Client tcp = world.client("alice", Transport.TCP);
    byte[] ticket = ticket(allocatesMobile(tcp));
    tcp.bindsChannel(0x4000, peer).succeeds();
    outside.refreshesWith(ticket).succeeds();
    tcp.disconnects();
    peer.sends("are you there?", tcp.relayed());
    outside.hears("4000 are you there?");
  }

  @Test
  void whenTheNewConnectionEndsTheFormerAddressIsGoodStill() {
    byte[] ticket = ticket(allocatesMobile(atHome));
    atHome.bindsChannel(0x4000, peer).succeeds();
    Client tcp = world.client("alice", Transport.TCP);
    tcp.refreshesWith(ticket).succeeds();
    tcp.disconnects();
    world.after(1, TimeUnit.MINUTES);
    peerReaches(atHome);
  }

  @Test
  void whenTheAllocationEndsBothAddressesAreFree() {
    goesOut();
    atHome.refreshes(0).succeeds();
    outside.refreshes(600).isRefused(437);
    outside.allocates().succeeds();
    atHome.allocates().succeeds();
    world.after(1, TimeUnit.MINUTES);
    assertEquals(2, world.openSockets());
  }

  @Test
  void aReplyThatGotLostCostsNothing() {
    byte[] ticket = ticket(allocatesMobile(atHome));
    outside.refreshesWith(ticket).succeeds();
    world.client("alice").refreshesWith(ticket).succeeds();
  }

  /** Neither the reply at the second address came through, nor the first one at the third. */
  @Test
  void twoRepliesThatGotLostCostNothingEither() {
    byte[] ticket = ticket(allocatesMobile(atHome));
    Client third = world.client("alice");
    outside.refreshesWith(ticket).succeeds();
    Reply lost = third.refreshesWith(ticket).succeeds();
    assertArrayEquals(lost.bytes(), third.again().refreshesWith(ticket).bytes());
    outside.refreshesWith(ticket).isRefused(437);
  }

  /** A nonce is of one address and port, so who has moved is given another. */
  @Test
  void whoMovesAndShowsItsFormerNonceNeedsOneRequestMore() {
    for (TransportAddress there : List.of(outside.address(), atHome.address().withPort(9))) {
      Client moving = world.client("alice");
      Reply allocated = allocatesMobile(moving);
      Client moved = world.client("alice", Transport.UDP, there).withNonce(moving.nonce());
      Reply stale = moved.refreshesWith(ticket(allocated)).isRefused(438);
      moved.learnsNonce(stale).refreshesWith(ticket(allocated)).succeeds();
    }
  }

  @Test
  void anotherUserCannotUseTheTicket() {
    byte[] ticket = ticket(allocatesMobile(atHome));
    world.client("bob").refreshesWith(ticket).isRefused(441);
    atHome.refreshes(600).succeeds();
  }

  @Test
  void aTicketMadeUpIsGoodForNothing() {
    allocatesMobile(atHome).succeeds();
    outside.refreshesWith(new byte[22]).isRefused(437);
    outside.refreshesWith(new byte[3]).isRefused(437);
  }

  @Test
  void aTicketEndsWithItsAllocation() {
    byte[] ticket = ticket(allocatesMobile(atHome));
    world.at(10, TimeUnit.MINUTES);
    outside.refreshesWith(ticket).isRefused(437);
  }

  @Test
  void aMobileAllocationOutlivesItsConnection() {
    Client tcp = world.client("alice", Transport.TCP);
    byte[] ticket = ticket(allocatesMobile(tcp));
    tcp.permits(peer).succeeds();
    tcp.disconnects();
    outside.refreshesWith(ticket).succeeds();
    outside.sends("still here", peer);
    peer.hears("still here");
  }

  @Test
  void whereItIsNotOfferedItIsForbidden() {
    World fixed = new World(World.Setup::withoutMobility);
    Client alice = fixed.client("alice");
    allocatesMobile(alice).isRefused(405);
    alice.refreshesWith(new byte[22]).isRefused(405);
    alice.allocates().succeeds();
    alice.refreshesWith(new byte[22]).isRefused(405);
  }
}
