package kith.turn;

import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What a client shows to go on with its allocation from another address (RFC 8016 §4.1): 128 random
 * bits.
 */
record MobilityTicket(long high, long low) {
  private static final int LENGTH = 16;

  static MobilityTicket random(RandomGenerator random) {
    return new MobilityTicket(random.nextLong(), random.nextLong());
  }

  /** The ticket of an attribute's value, or null when it cannot be one of ours. */
  static @Nullable MobilityTicket of(byte @Nullable [] value) {
    if (value == null || value.length != LENGTH) {
      return null;
    }
    ByteBuffer bytes = ByteBuffer.wrap(value);
    return new MobilityTicket(bytes.getLong(), bytes.getLong());
  }

  byte[] bytes() {
    return ByteBuffer.allocate(LENGTH).putLong(high).putLong(low).array();
  }
}
