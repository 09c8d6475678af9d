package kith.socketio.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kith.socketio.engine.Frame;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** https://github.com/socketio/socket.io-protocol#packet-encoding */
class PacketCodecTest {
  private final PacketCodec codec = new PacketCodec(new PacketLimits(2, 100, 8, 50, 20, 40));
  private final PacketDecoder decoder = codec.decoder();

  private Packet decode(String text) throws MalformedPacket {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return decoder.text(utf8, 0, utf8.length);
  }

  private static List<String> texts(List<Frame> frames) {
    return frames.stream().map(Frame::toString).toList();
  }

  // ---- reading

  @Test
  void readsEveryPacketAClientMaySend() throws MalformedPacket {
    assertEquals(new Packet.Connect("/", Map.of()), decode("0"));
    assertEquals(new Packet.Connect("/a", Map.of("t", "1")), decode("0/a,{\"t\":\"1\"}"));
    assertEquals(new Packet.Connect("/a", Map.of()), decode("0/a"));
    assertEquals(new Packet.Connect("/a", Map.of()), decode("0/a,"));
    assertEquals(new Packet.Disconnect("/"), decode("1"));
    assertEquals(new Packet.Disconnect("/a"), decode("1/a,"));
    assertEquals(new Packet.Event("/", Packet.NO_ACK, "foo", List.of()), decode("2[\"foo\"]"));
    assertEquals(
        new Packet.Event("/a", 12, "foo", List.of("bar", 1L)), decode("2/a,12[\"foo\",\"bar\",1]"));
    assertEquals(new Packet.Ack("/a", 13, List.of("bar")), decode("3/a,13[\"bar\"]"));
    assertEquals(new Packet.Event("/", Packet.NO_ACK, "7", List.of()), decode("2[7]"));
  }

  @Test
  void readsJsonAsPlainJava() throws MalformedPacket {
    Packet.Event event =
        (Packet.Event) decode("2[\"e\",null,true,1,1.5,12345678901234567890,{\"a\":[{}]},\"\\n\"]");
    assertEquals(
        Arrays.asList(
            null, true, 1L, 1.5, 12345678901234567890d, Map.of("a", List.of(Map.of())), "\n"),
        event.args());
  }

  @Test
  void putsAttachmentsWhereTheyBelong() throws MalformedPacket {
    assertNull(
        decode(
            "52-3[\"e\",{\"b\":{\"_placeholder\":true,\"num\":1}},{\"_placeholder\":true,\"num\":0}]"));
    assertTrue(decoder.isWaiting());
    assertNull(decoder.binary(new byte[] {1}));
    Packet.Event event = (Packet.Event) decoder.binary(new byte[] {2});
    assertEquals(3, event.ackId());
    assertArrayEquals(new byte[] {2}, (byte[]) ((Map<?, ?>) event.args().get(0)).get("b"));
    assertArrayEquals(new byte[] {1}, (byte[]) event.args().get(1));
  }

  @Test
  void aPlaceholderWithoutAttachmentsIsAnObject() throws MalformedPacket {
    Packet.Event event = (Packet.Event) decode("2[\"e\",{\"_placeholder\":true,\"num\":0}]");
    assertEquals(List.of(Map.of("_placeholder", true, "num", 0L)), event.args());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "4{}",
        "7",
        "2",
        "2{}",
        "2[]",
        "2[null]",
        "2[{}]",
        "2[\"connect\"]",
        "2[\"a\"",
        "2[\"a\"]1",
        "2abc[\"a\"]",
        "212345678901234567[\"a\"]",
        "3[]",
        "3",
        "31",
        "31{}",
        "0[]",
        "0\"a\"",
        "0null",
        "1{}",
        "5[\"a\"]",
        "5-[\"a\"]",
        "53-[\"a\"]",
        "5999999999999999999-[1]",
        "5-1-[\"a\"]",
        "2/a",
        "2/a,",
        "2[\"a\",[[[[[[[[1]]]]]]]]]",
        "2/aaaaaaaaaaaaaaaaaaaaaaa,[\"a\"]",
        "2[\"a\",\"01234567890123456789012345678901234567890123456789x\"]",
        "2[\"a\",NaN]",
        "2['a']",
        "2[\"a\",]"
      })
  void refusesWhatIsNoPacket(String text) {
    assertThrows(MalformedPacket.class, () -> decode(text));
  }

  @Test
  void refusesAConnectThatIsTooLarge() throws MalformedPacket {
    assertEquals(new Packet.Connect("/", Map.of("t", "x".repeat(31))), decode(connect(31)));
    assertThrows(MalformedPacket.class, () -> decode(connect(32)));
  }

  /** A packet of nine bytes more than its token has. */
  private static String connect(int tokenLength) {
    return "0{\"t\":\"" + "x".repeat(tokenLength) + "\"}";
  }

  @Test
  void refusesTextInPlaceOfAnAttachment() throws MalformedPacket {
    decode("51-[\"a\",{\"_placeholder\":true,\"num\":0}]");
    assertThrows(MalformedPacket.class, () -> decode("2[\"b\"]"));
  }

  @Test
  void refusesAnAttachmentThatNobodyAnnounced() {
    assertThrows(MalformedPacket.class, () -> decoder.binary(new byte[1]));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"num\":1}", "{\"num\":-1}", "{\"num\":0.5}", "{\"num\":\"0\"}", "{}"})
  void refusesAPlaceholderForNothing(String fields) throws MalformedPacket {
    String rest = fields.equals("{}") ? "}" : "," + fields.substring(1);
    decode("51-[\"a\",{\"_placeholder\":true" + rest + "]");
    assertThrows(MalformedPacket.class, () -> decoder.binary(new byte[1]));
  }

  @Test
  void refusesToMultiplyAnAttachment() throws MalformedPacket {
    String placeholder = "{\"_placeholder\":true,\"num\":0}";
    decode("51-[\"a\"," + placeholder + "," + placeholder + "]");
    assertThrows(MalformedPacket.class, () -> decoder.binary(new byte[1]));
  }

  @Test
  void refusesAttachmentsThatAreTooLargeTogether() throws MalformedPacket {
    decode("52-[\"a\"]");
    assertNull(decoder.binary(new byte[50]));
    assertThrows(MalformedPacket.class, () -> decoder.binary(new byte[50]));
  }

  // ---- writing

  @Test
  void writesEveryPacketAServerMaySend() {
    assertEquals(List.of("40{\"sid\":\"x\"}"), texts(codec.connect("/", Map.of("sid", "x"))));
    assertEquals(List.of("41/a,"), texts(codec.disconnect("/a")));
    assertEquals(List.of("42[\"foo\"]"), texts(codec.event("/", Packet.NO_ACK, "foo")));
    assertEquals(List.of("42/a,7[\"foo\",1]"), texts(codec.event("/a", 7, "foo", 1)));
    assertEquals(List.of("43/a,7[]"), texts(codec.ack("/a", 7)));
    assertEquals(
        List.of("44{\"message\":\"no\",\"data\":{\"code\":1}}"),
        texts(codec.connectError("/", "no", Map.of("code", 1))));
    assertEquals(List.of("44/a,{\"message\":\"no\"}"), texts(codec.connectError("/a", "no", null)));
  }

  @Test
  void writesEveryValue() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("n", null);
    map.put("d", 1.5);
    map.put("nan", Double.NaN);
    assertEquals(
        List.of("42[\"e\",{\"n\":null,\"d\":1.5,\"nan\":null},[\"é\",true],-1]"),
        texts(codec.event("/", Packet.NO_ACK, "e", map, List.of("é", true), -1L)));
  }

  @Test
  void writesBinaryAsAttachments() {
    List<Frame> event = codec.event("/a", 7, "e", new byte[] {1}, Map.of("b", new byte[] {2, 3}));
    assertEquals(
        List.of(
            "452-/a,7[\"e\",{\"_placeholder\":true,\"num\":0},{\"b\":{\"_placeholder\":true,\"num\":1}}]",
            "binary[1]",
            "binary[2]"),
        texts(event));
    assertEquals(
        List.of("461-7[{\"_placeholder\":true,\"num\":0}]", "binary[1]"),
        texts(codec.ack("/", 7, new byte[1])));
  }

  @Test
  void refusesToWriteWhatIsNoValue() {
    assertThrows(IllegalArgumentException.class, () -> codec.event("/", -1, "e", new Object()));
    assertThrows(IllegalArgumentException.class, () -> codec.event("/", -1, "e", Map.of(1, "key")));
    List<Object> endless = new ArrayList<>();
    endless.add(endless);
    assertThrows(IllegalArgumentException.class, () -> codec.event("/", -1, "e", endless));
  }
}
