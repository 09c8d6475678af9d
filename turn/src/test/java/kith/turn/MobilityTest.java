package kith.turn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import kith.turn.stun.AttributeType;
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
    peer.sends("where are you?", atHome.relayed());
    outside.hears("4000 where are you?");
    atHome.hearsNothing();
    outside.sendsOnChannel(0x4000, "outside");
    peer.hears("outside");
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

  @Test
  void aReplyThatGotLostCostsNothing() {
    byte[] ticket = ticket(allocatesMobile(atHome));
    outside.refreshesWith(ticket).succeeds();
    world.client("alice").refreshesWith(ticket).succeeds();
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
    allocatesMobile(fixed.client("alice")).isRefused(405);
  }
}
