package kith.socketio.vertx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import kith.socketio.vertx.FrameCodec.Received;
import kith.socketio.vertx.FrameCodec.Unacceptable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** https://www.rfc-editor.org/rfc/rfc6455#section-5 */
class FrameCodecTest {
  private static final int MAX_BYTES = 70_000;

  private static ByteBuf hex(String hex) {
    return Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  @Test
  void readsTheExampleOfTheSpecification() throws Unacceptable {
    Received frame = FrameCodec.read(hex("81 85 37fa213d 7f9f4d5158"), MAX_BYTES);
    assertEquals(FrameCodec.TEXT, frame.opcode());
    assertTrue(frame.last());
    assertEquals("Hello", new String(frame.payload()));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 8, 9, 125, 126, 127, 65_535, 65_536, MAX_BYTES})
  void readsWhatAClientMasksAtEveryLength(int length) throws Unacceptable {
    byte[] payload = new byte[length];
    for (int i = 0; i < length; i++) {
      payload[i] = (byte) i;
    }
    ByteBuf in = masked(FrameCodec.BINARY, payload);
    ByteBuf whole = in.copy().writeBytes(hex("8180 00000000"));
    for (int cut : new int[] {0, 1, 2, 5, in.readableBytes() - 1}) {
      assertNull(FrameCodec.read(in.slice(0, cut), MAX_BYTES));
    }
    assertArrayEquals(payload, FrameCodec.read(whole, MAX_BYTES).payload());
    assertEquals(0, FrameCodec.read(whole, MAX_BYTES).payload().length);
    assertNull(FrameCodec.read(whole, MAX_BYTES));
  }

  /** A server's frame with the mask bit, a mask, and the payload masked, as a client sends it. */
  private static ByteBuf masked(int opcode, byte[] payload) {
    byte[] mask = {(byte) 0x81, 0x02, (byte) 0xFE, 0x7F};
    ByteBuf plain = Unpooled.buffer();
    FrameCodec.write(plain, opcode, payload);
    int header = plain.readableBytes() - payload.length;
    ByteBuf out = Unpooled.buffer();
    out.writeBytes(plain, header);
    out.setByte(1, out.getByte(1) | 0x80);
    out.writeBytes(mask);
    for (int i = 0; i < payload.length; i++) {
      out.writeByte(payload[i] ^ mask[i % 4]);
    }
    return out;
  }

  @ParameterizedTest
  @CsvSource({
    "not masked,                1002, 81 05 48656c6c6f",
    "a reserved bit,            1002, c1 85 00000000 48656c6c6f",
    "a long ping,               1002, 89 fe 0080 00000000",
    "a ping in fragments,       1002, 09 80 00000000",
    "longer than allowed,       1009, 81 ff 0000000000011171 00000000",
    "longer than can be,        1009, 81 ff ffffffffffffffff 00000000"
  })
  void refuses(String what, int statusCode, String frame) {
    Unacceptable refused =
        assertThrows(Unacceptable.class, () -> FrameCodec.read(hex(frame), MAX_BYTES), what);
    assertEquals(statusCode, refused.statusCode());
  }
}
