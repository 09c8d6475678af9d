package kith.turn.fuzz;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.concurrent.TimeUnit;
import kith.turn.Transport;
import kith.turn.stun.AttributeType;
import kith.turn.stun.Method;
import kith.turn.world.Client;
import kith.turn.world.Peer;
import kith.turn.world.World;

/** The whole core, played at by someone who knows a password and by someone who does not. */
class ServerFuzzTest {
  private static final int MOST_STEPS = 64;

  @FuzzTest(maxDuration = "60s")
  void nobodyBreaksTheServer(FuzzedDataProvider data) {
    World world = new World();
    Client alice = world.client("alice", data.consumeBoolean() ? Transport.UDP : Transport.TCP);
    Client mallory = world.client("mallory");
    Peer peer = world.peer("203.0.113.5", 7000);
    Peer secret = world.peer("169.254.169.254", 80).acceptsConnections();
    peer.acceptsConnections();
    if (!data.consumeBoolean() || !alice.allocatesTcp().isSuccess()) {
      alice.allocates();
    }
    for (int i = 0; i < MOST_STEPS && data.remainingBytes() > 0; i++) {
      if (data.consumeBoolean()) {
        step(data, world, alice, mallory, peer);
      } else {
        tcpStep(data, world, alice, peer);
      }
    }
    secret.hearsNothing();
    assertFalse(secret.isConnected());
    assertTrue(world.openSockets() <= 4, "nobody opened more sockets than they may");
    Client bob = world.client("bob");
    bob.allocates().succeeds();
    bob.permits(peer).succeeds();
  }

  /** RFC 6062, and errors of the network. */
  private static void tcpStep(FuzzedDataProvider data, World world, Client alice, Peer peer) {
    switch (data.consumeInt(0, 6)) {
      case 0 -> alice.beginsToConnect(peer.address());
      case 1 -> {
        byte[] value = data.consumeBytes(20);
        alice.sendsRaw(
            alice.signed(
                Method.CONNECT, request -> request.bytes(AttributeType.XOR_PEER_ADDRESS, value)));
      }
      case 2 -> peer.connectsTo(alice.relayed());
      case 3 -> {
        int id = data.consumeBoolean() ? alice.attemptedConnection() : data.consumeInt();
        Client carrying = world.client("alice", Transport.TCP);
        carrying.asks(Method.BINDING, request -> {});
        carrying.bindsConnection(id);
        carrying.sendsRaw(data.consumeBytes(40));
        if (data.consumeBoolean()) {
          carrying.disconnects();
        }
      }
      case 4 -> {
        if (peer.isConnected()) {
          peer.says(data.consumeString(20));
        }
      }
      case 5 -> {
        if (peer.isConnected()) {
          peer.hangsUp();
        }
      }
      case 6 ->
          world.icmp(
              alice.relayed(),
              peer.address(),
              data.consumeInt(),
              data.consumeInt(),
              data.consumeInt());
      default -> throw new IllegalStateException();
    }
  }

  private static void step(
      FuzzedDataProvider data, World world, Client alice, Client mallory, Peer peer) {
    switch (data.consumeInt(0, 7)) {
      case 0 -> alice.sendsRaw(data.consumeBytes(200));
      case 1 -> mallory.sendsRaw(data.consumeBytes(200));
      case 2 ->
          peer.sends(
              data.consumeBytes(100), World.address("192.0.2.15", data.consumeInt(49_152, 65_535)));
      case 3 -> world.after(data.consumeInt(0, 700), TimeUnit.SECONDS);
      case 4 ->
          alice.sendsRaw(
              Client.channelData(
                  data.consumeInt(0x3FF0, 0x8010), data.consumeShort(), data.consumeBytes(50)));
      case 5 -> {
        int attribute = data.consumeInt(0, 0xFFFF);
        byte[] value = data.consumeBytes(60);
        alice.sendsRaw(
            alice.signed(data.consumeInt(0, 12), request -> request.bytes(attribute, value)));
      }
      case 6 -> {
        byte[] value = data.consumeBytes(20);
        alice.sendsRaw(
            alice.signed(
                9,
                request ->
                    request
                        .number(AttributeType.CHANNEL_NUMBER, 0x4000_0000)
                        .bytes(AttributeType.XOR_PEER_ADDRESS, value)));
      }
      case 7 -> alice.sends("hello", peer);
      default -> throw new IllegalStateException();
    }
  }
}
