package kith.turn.stun;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The sample messages of RFC 5769, and of RFC 8489 appendix B.1 as its erratum 6268 has it. */
class SampleMessagesTest {
  private static final String REQUEST =
      """
      00010058 2112a442 b7e7a701bc34d686fa87dfae
      80220010 5354554e207465737420636c69656e74
      00240004 6e0001ff
      80290008 932ff9b151263b36
      00060009 6576746a3a68367659202020
      00080014 9aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2
      80280004 e57a3bcf""";

  private static final String RESPONSE_IPV4 =
      """
      0101003c 2112a442 b7e7a701bc34d686fa87dfae
      8022000b 7465737420766563746f7220
      00200008 0001a147e112a643
      00080014 2b91f599fd9e90c38c7489f92af9ba53f06be7d7
      80280004 c07d4c96""";

  private static final String RESPONSE_IPV6 =
      """
      01010048 2112a442 b7e7a701bc34d686fa87dfae
      8022000b 7465737420766563746f7220
      00200014 0002a1470113a9faa5d3f179bc25f4b5bed2b9d9
      00080014 a382954e4be67bf11784c97c8292c275bfe3ed41
      80280004 c8fb0b4c""";

  private static final String LONG_TERM =
      """
      00010060 2112a442 78ad3433c6ad72c029da412e
      00060012 e3839ee38388e383aae38383e382afe382b90000
      0015001c 662f2f3439396b393534643 64f4c33346f4c39465354767936347341
      0014000b 6578616d706c652e6f726700
      00080014 f67024656dd64a3e02b8e0712e85c9a28ca89666""";

  private static final String LONG_TERM_SHA256 =
      """
      00010090 2112a442 78ad3433c6ad72c029da412e
      001e0020 4a3cf38fef6992bda952c6780417da0f24819415569e60b205c46e41407f1704
      00150029 6f624d61744a6f73324141414366 2f2f3439396b3935346436 4f4c33346f4c3946535476793634 7341000000
      0014000b 6578616d706c652e6f726700
      001d0004 00020000
      001c0020 b5c7bf005b6c52a21c51c5e892f81924136296cb927c43149309278cc6518e65""";

  private static final byte[] SHORT_TERM_KEY =
      "VOkJxbRl1RmTxUk/WvJxBt".getBytes(StandardCharsets.US_ASCII);
  private static final String MATRIX = "\u30DE\u30C8\u30EA\u30C3\u30AF\u30B9";

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
  }

  private static StunMessage read(byte[] bytes) {
    StunMessage message = new StunMessage();
    assertTrue(
        message.read(ByteBuffer.wrap(bytes), 0, bytes.length),
        "well-formed, and its fingerprint is right");
    return message;
  }

  private static TransportAddress mapped(String hex) {
    StunMessage message = read(bytes(hex));
    XorAddress address = new XorAddress();
    assertTrue(address.read(message, message.find(AttributeType.XOR_MAPPED_ADDRESS)));
    return address.toAddress();
  }

  @Test
  void theSampleRequestIsRead() {
    StunMessage message = read(bytes(REQUEST));
    assertEquals(Method.BINDING, message.method());
    assertEquals(MessageClass.REQUEST, message.messageClass());
    assertEquals("STUN test client", message.text(AttributeType.SOFTWARE, 763));
    assertEquals("evtj:h6vY", message.text(AttributeType.USERNAME, 508));
    assertTrue(Integrity.SHA1.matches(message, SHORT_TERM_KEY));
  }

  @Test
  void anyBitThatIsChangedBreaksTheFingerprint() {
    byte[] original = bytes(REQUEST);
    for (int bit = 0; bit < original.length * 8; bit++) {
      byte[] changed = original.clone();
      changed[bit / 8] ^= (byte) (1 << (bit % 8));
      assertFalse(
          new StunMessage().read(ByteBuffer.wrap(changed), 0, changed.length)
              && hasFingerprint(changed),
          "bit " + bit);
    }
  }

  /**
   * A bit of the FINGERPRINT's own type makes it another, optional attribute: then there is none to
   * check.
   */
  private static boolean hasFingerprint(byte[] bytes) {
    return read(bytes).hasFingerprint();
  }

  @Test
  void theIpv4ResponseIsRead() {
    assertEquals("192.0.2.1:32853", mapped(RESPONSE_IPV4).toString());
    assertTrue(Integrity.SHA1.matches(read(bytes(RESPONSE_IPV4)), SHORT_TERM_KEY));
  }

  @Test
  void theIpv6ResponseIsRead() {
    assertEquals("[2001:db8:1234:5678:11:2233:4455:6677]:32853", mapped(RESPONSE_IPV6).toString());
    assertTrue(Integrity.SHA1.matches(read(bytes(RESPONSE_IPV6)), SHORT_TERM_KEY));
  }

  @Test
  void theLongTermRequestIsRead() {
    StunMessage message = read(bytes(LONG_TERM));
    assertEquals(MATRIX, message.text(AttributeType.USERNAME, 508));
    assertTrue(
        Integrity.SHA1.matches(
            message, PasswordAlgorithm.MD5.key(MATRIX, "example.org", "TheMatrIX")));
    assertFalse(
        Integrity.SHA1.matches(
            message, PasswordAlgorithm.MD5.key(MATRIX, "example.org", "TheMatrix")));
  }

  @Test
  void theLongTermRequestIsWrittenTheSame() {
    byte[] written =
        StunWriter.of(MessageClass.REQUEST, Method.BINDING, read(bytes(LONG_TERM)).transactionId())
            .text(AttributeType.USERNAME, MATRIX)
            .text(AttributeType.NONCE, "f//499k954d6OL34oL9FSTvy64sA")
            .text(AttributeType.REALM, "example.org")
            .integrity(
                Integrity.SHA1, PasswordAlgorithm.MD5.key(MATRIX, "example.org", "TheMatrIX"))
            .finish();
    assertArrayEquals(bytes(LONG_TERM), written);
  }

  @Test
  void theSha256RequestIsReadAndWrittenTheSame() {
    byte[] key = PasswordAlgorithm.SHA256.key(MATRIX, "example.org", "TheMatrIX");
    StunMessage message = read(bytes(LONG_TERM_SHA256));
    assertTrue(Integrity.SHA256.matches(message, key));
    assertArrayEquals(
        PasswordAlgorithm.userhash(MATRIX, "example.org"),
        message.value(AttributeType.USERHASH, 32));
    byte[] written =
        StunWriter.of(MessageClass.REQUEST, Method.BINDING, message.transactionId())
            .bytes(AttributeType.USERHASH, PasswordAlgorithm.userhash(MATRIX, "example.org"))
            .text(AttributeType.NONCE, "obMatJos2AAACf//499k954d6OL34oL9FSTvy64sA")
            .text(AttributeType.REALM, "example.org")
            .number(AttributeType.PASSWORD_ALGORITHM, 0x0002_0000)
            .integrity(Integrity.SHA256, key)
            .finish();
    assertArrayEquals(bytes(LONG_TERM_SHA256), written);
  }
}
