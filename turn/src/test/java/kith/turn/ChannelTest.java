package kith.turn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.concurrent.TimeUnit;
import kith.turn.stun.AttributeType;
import kith.turn.stun.Method;
import kith.turn.world.Client;
import kith.turn.world.Peer;
import kith.turn.world.World;
import org.junit.jupiter.api.Test;

/** RFC 8656 §12: channels. */
class ChannelTest {
  private final World world = new World();
  private final Client alice = world.client("alice");
  private final Peer peer = world.peer("203.0.113.5", 7000);

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
    alice.permits(peer).succeeds();
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
    alice.sendsOnChannel(0x4000, "stranger by now");
    peer.hearsNothing();
    alice.permits(peer).succeeds();
    peer.sends("welcome back", alice.relayed());
    alice.hears("4000 welcome back");
    alice.sendsOnChannel(0x4000, "here I am");
    peer.hears("here I am");
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
}
