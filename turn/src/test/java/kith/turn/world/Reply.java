package kith.turn.world;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import kith.turn.stun.AttributeType;
import kith.turn.stun.Integrity;
import kith.turn.stun.MessageClass;
import kith.turn.stun.StunMessage;
import kith.turn.stun.TransportAddress;
import kith.turn.stun.XorAddress;

/** What the server answered. */
public final class Reply {
  private final byte[] bytes;
  private final StunMessage message = new StunMessage();

  Reply(byte[] bytes) {
    this.bytes = bytes;
    assertTrue(
        message.read(ByteBuffer.wrap(bytes), 0, bytes.length),
        "the server's messages are well-formed");
  }

  public byte[] bytes() {
    return bytes;
  }

  public int size() {
    return bytes.length;
  }

  StunMessage message() {
    return message;
  }

  public boolean isSuccess() {
    return message.messageClass() == MessageClass.SUCCESS;
  }

  /** 0 for a success. */
  public int error() {
    int value = message.find(AttributeType.ERROR_CODE);
    return value < 0 ? 0 : message.byteAt(value + 2) * 100 + message.byteAt(value + 3);
  }

  public Reply succeeds() {
    assertEquals(0, error(), "the request succeeds");
    assertTrue(isSuccess());
    return this;
  }

  public Reply isRefused(int code) {
    assertEquals(code, error(), "the error code");
    assertEquals(MessageClass.ERROR, message.messageClass());
    return this;
  }

  public boolean has(int attribute) {
    return message.has(attribute);
  }

  public byte[] value(int attribute) {
    return message.value(attribute, 2000);
  }

  public String text(int attribute) {
    return message.text(attribute, 2000);
  }

  public int number(int attribute) {
    return ByteBuffer.wrap(value(attribute)).getInt();
  }

  public int lifetime() {
    return number(AttributeType.LIFETIME);
  }

  public String nonce() {
    return text(AttributeType.NONCE);
  }

  public TransportAddress mapped() {
    return addresses(AttributeType.XOR_MAPPED_ADDRESS).getFirst();
  }

  public TransportAddress relayed() {
    return addresses(AttributeType.XOR_RELAYED_ADDRESS).getFirst();
  }

  public List<TransportAddress> allRelayed() {
    return addresses(AttributeType.XOR_RELAYED_ADDRESS);
  }

  List<TransportAddress> addresses(int attribute) {
    List<TransportAddress> found = new ArrayList<>();
    XorAddress address = new XorAddress();
    for (int at = message.find(attribute); at >= 0; at = message.findNext(attribute, at)) {
      assertTrue(address.read(message, at));
      found.add(address.toAddress());
    }
    return found;
  }

  public List<Integer> unknownAttributes() {
    List<Integer> found = new ArrayList<>();
    ByteBuffer value = ByteBuffer.wrap(value(AttributeType.UNKNOWN_ATTRIBUTES));
    while (value.hasRemaining()) {
      found.add(value.getShort() & 0xFFFF);
    }
    return found;
  }

  public boolean isSigned(Integrity integrity, byte[] key) {
    return integrity.matches(message, key);
  }

  public boolean isUnsigned() {
    return !message.hasIntegrity() && !message.hasIntegritySha256();
  }

  public boolean hasFingerprint() {
    return message.hasFingerprint();
  }

  public int connectionId() {
    return number(AttributeType.CONNECTION_ID);
  }

  /** Type, code and data of an ICMP attribute: {@code "3/1 0"}. */
  String icmp() {
    ByteBuffer value = ByteBuffer.wrap(value(AttributeType.ICMP));
    assertEquals(0, value.getShort(), "reserved");
    int both = value.getShort() & 0xFFFF;
    return (both >> 9) + "/" + (both & 0x1FF) + " " + value.getInt();
  }

  /** Where the packet inside a Data indication came from. */
  TransportAddress peer() {
    return addresses(AttributeType.XOR_PEER_ADDRESS).getFirst();
  }

  String data() {
    return new String(message.value(AttributeType.DATA, 65_535), StandardCharsets.UTF_8);
  }
}
