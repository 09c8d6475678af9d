package kith.turn;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What a client shows to go on with its allocation from another address (RFC 8016 §4.1): 128 random
 * bits. They are sent as text, because coturn's client takes a ticket for a C string.
 */
record MobilityTicket(String text) {
  private static final int RANDOM = 16;
  private static final int LENGTH = 22;

  static MobilityTicket random(RandomGenerator random) {
    byte[] bits =
        ByteBuffer.allocate(RANDOM).putLong(random.nextLong()).putLong(random.nextLong()).array();
    return new MobilityTicket(Base64.getUrlEncoder().withoutPadding().encodeToString(bits));
  }

  /** The ticket of an attribute's value, or null when it cannot be one of ours. */
  static @Nullable MobilityTicket of(byte @Nullable [] value) {
    return value == null || value.length != LENGTH
        ? null
        : new MobilityTicket(new String(value, StandardCharsets.ISO_8859_1));
  }

  byte[] bytes() {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Whoever reads a log must not be able to move allocations. */
  @Override
  public String toString() {
    return "MobilityTicket";
  }
}
