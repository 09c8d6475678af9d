package kith.turn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import kith.turn.Counters.Count;
import kith.turn.stun.AttributeType;
import kith.turn.stun.MessageClass;
import kith.turn.stun.Method;
import kith.turn.stun.StunWriter;
import kith.turn.stun.TransactionId;
import kith.turn.world.Client;
import kith.turn.world.Peer;
import kith.turn.world.World;
import org.junit.jupiter.api.Test;

/** Messages that are broken, by accident or on purpose. */
class MalformedTest {
  private final World world = new World();
  private final Client alice = world.client("alice");
  private final Peer peer = world.peer("203.0.113.5", 7000);

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
