package kith.turn.net;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.net.SocketFactory;
import kith.turn.stun.MessageClass;
import kith.turn.stun.Method;
import kith.turn.stun.StunWriter;
import kith.turn.stun.TransactionId;
import kith.turn.world.Client;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients over TCP, and how they may misbehave; one selector serves them beside each engine. */
class StreamSocketsTest {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  private TurnServer server;

  @BeforeEach
  void start() throws IOException {
    server = TurnServer.start(OnLoopback.options());
  }

  @AfterEach
  void close() {
    server.close();
  }

  private void restart(TurnOptions options) throws IOException {
    server.close();
    server = TurnServer.start(options);
  }

  private StreamWire open() {
    return StreamWire.open(SocketFactory.getDefault(), LOOPBACK, server.port());
  }

  private Client overTcp(String user) {
    return StreamWire.client(user, LOOPBACK, server.port());
  }

  @Test
  void aFrameMayComeByteByByte() throws IOException {
    Client alice = overTcp("alice");
    alice.allocates().succeeds();
    StreamWire wire = open();
    Client bob = new Client("bob", alice.address(), wire);
    byte[] request = bindingRequest();
    for (byte one : request) {
      wire.sendUnpadded(new byte[] {one});
    }
    assertTrue(wire.await(bob), "the request is answered when it is whole");
  }

  private static byte[] bindingRequest() {
    return StunWriter.of(MessageClass.REQUEST, Method.BINDING, new TransactionId(1, 2)).finish();
  }

  @Test
  void manyFramesMayComeAtOnce() {
    Client alice = overTcp("alice");
    Client bob = overTcp("bob");
    alice.allocates().succeeds();
    bob.allocates().succeeds();
    alice.bindsChannel(0x4000, bob.relayed()).succeeds();
    bob.bindsChannel(0x4000, alice.relayed()).succeeds();
    String[] all = new String[100];
    ByteArrayOutputStream burst = new ByteArrayOutputStream();
    for (int i = 0; i < all.length; i++) {
      byte[] data = ("n" + i).getBytes();
      burst.writeBytes(
          Arrays.copyOf(
              Client.channelData(0x4000, data.length, data), 4 + (data.length + 3) / 4 * 4));
      all[i] = "4000 n" + i;
    }
    alice.sendsRaw(burst.toByteArray());
    bob.hears(all);
  }

  @Test
  void aFrameThatNeverEndsEndsTheConnection() throws IOException {
    restart(OnLoopback.options().withPatience(Duration.ofMillis(200), Duration.ofSeconds(60)));
    StreamWire dribbler = open();
    dribbler.sendUnpadded(new byte[] {0, 1, 0});
    assertTrue(dribbler.isHungUp());
  }

  @Test
  void oneThatDribblesGainsNothingByIt() throws IOException {
    restart(OnLoopback.options().withPatience(Duration.ofMillis(200), Duration.ofSeconds(60)));
    StreamWire dribbler = open();
    dribbler.sendUnpadded(new byte[] {0, 1, 0x0F, 0, 0x21, 0x12, (byte) 0xA4, 0x42});
    assertTrue(dribbler.isHungUpOnWhileItDribbles());
  }

  @Test
  void aConnectionThatSaysNothingIsEnded() throws IOException {
    restart(OnLoopback.options().withPatience(Duration.ofSeconds(60), Duration.ofMillis(200)));
    assertTrue(open().isHungUp());
  }

  @Test
  void whatIsNoStunEndsTheConnection() throws IOException {
    for (byte[] strange :
        new byte[][] {
          "GET / HTTP/1.1\r\n\r\n".getBytes(),
          {(byte) 0xFF, 1, 2, 3},
          {0, 1, 0, 3, 0x21, 0x12, (byte) 0xA4, 0x42},
          {0, 1, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8},
          {0, 1, (byte) 0xFF, (byte) 0xFC, 0x21, 0x12, (byte) 0xA4, 0x42},
          {0x40, 0, (byte) 0xFF, (byte) 0xFF, 1, 2, 3}
        }) {
      StreamWire wire = open();
      wire.sendUnpadded(strange);
      assertTrue(wire.isHungUp(), () -> HexFormat.of().formatHex(strange));
    }
  }

  @Test
  void oneAddressHasSoManyConnections() throws IOException {
    restart(OnLoopback.options().withConnections(100, 2));
    List<Client> two = List.of(overTcp("alice"), overTcp("alice"));
    two.forEach(client -> client.binds().succeeds());
    assertTrue(open().isHungUp());
    two.forEach(Client::disconnects);
  }

  @Test
  void aClientThatDoesNotReadIsDroppedFromNotWaitedFor() throws IOException {
    Client deaf = overTcp("alice");
    Client bob = UdpWire.client("bob", LOOPBACK, server.port());
    deaf.allocates().succeeds();
    bob.allocates().succeeds();
    deaf.permits(bob.relayed()).succeeds();
    bob.bindsChannel(0x4000, deaf.relayed()).succeeds();
    String large = "x".repeat(1_200);
    Patience.until(
        () -> {
          for (int i = 0; i < 20; i++) {
            bob.sendsOnChannel(0x4000, large);
          }
          return server.stats().drops().getOrDefault("congestion", 0L) > 0;
        });
    bob.refreshes(600).succeeds();
    deaf.disconnects();
  }
}
