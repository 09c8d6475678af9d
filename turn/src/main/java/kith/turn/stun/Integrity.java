package kith.turn.stun;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** MESSAGE-INTEGRITY and MESSAGE-INTEGRITY-SHA256 (RFC 8489 §14.5, §14.6). */
public enum Integrity {
  SHA1("HmacSHA1", AttributeType.MESSAGE_INTEGRITY, 20),
  SHA256("HmacSHA256", AttributeType.MESSAGE_INTEGRITY_SHA256, 32);

  private final String algorithm;
  private final int attribute;
  private final int length;

  Integrity(String algorithm, int attribute, int length) {
    this.algorithm = algorithm;
    this.attribute = attribute;
    this.length = length;
  }

  int attribute() {
    return attribute;
  }

  int length() {
    return length;
  }

  /**
   * Whether the message carries this integrity attribute and it is right under this key, compared
   * in constant time.
   */
  public boolean matches(StunMessage message, byte[] key) {
    boolean sha256 = this == SHA256;
    if (sha256 ? !message.hasIntegritySha256() : !message.hasIntegrity()) {
      return false;
    }
    byte[] claimed = message.integrityValue(sha256);
    // A usage may say that SHA-256 may be truncated (§14.6); TURN does not.
    if (claimed.length != length) {
      return false;
    }
    byte[] covered = message.covered(sha256);
    return MessageDigest.isEqual(claimed, hmac(key, covered, covered.length));
  }

  byte[] hmac(byte[] key, byte[] data, int count) {
    try {
      Mac mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(key, algorithm));
      mac.update(data, 0, count);
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has " + algorithm, e);
    }
  }
}
