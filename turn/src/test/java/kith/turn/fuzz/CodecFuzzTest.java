package kith.turn.fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import kith.turn.stun.AttributeSet;
import kith.turn.stun.AttributeType;
import kith.turn.stun.Integrity;
import kith.turn.stun.StunMessage;
import kith.turn.stun.XorAddress;

/** Whatever bytes come, reading them ends, stays within them, and throws nothing. */
class CodecFuzzTest {
  private static final byte[] KEY = new byte[16];
  private static final int ROOM = 64;

  @FuzzTest(maxDuration = "60s")
  void anyBytesAreReadOrRefused(byte[] bytes) {
    // Outside what is the message's the buffer ends: to read beyond it would throw.
    ByteBuffer buffer = ByteBuffer.allocate(ROOM + bytes.length).put(ROOM, bytes);
    StunMessage message = new StunMessage();
    if (!message.read(buffer, ROOM, bytes.length)) {
      return;
    }
    XorAddress address = new XorAddress();
    for (int type = 0; type <= 0x30; type++) {
      for (int at = message.find(type); at >= 0; at = message.findNext(type, at)) {
        assertTrue(
            at >= ROOM + StunMessage.HEADER && at + message.lengthAt(at) <= buffer.capacity());
        address.read(message, at);
      }
      message.value(type, 100);
    }
    message.text(AttributeType.USERNAME, 508);
    message.unknown(new AttributeSet());
    Integrity.SHA1.matches(message, KEY);
    Integrity.SHA256.matches(message, KEY);
  }
}
