package kith.turn.stun;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/** How a password becomes a key (RFC 8489 §14.11, §14.12, §18.5). */
public enum PasswordAlgorithm {
  MD5(0x0001, "MD5"),
  SHA256(0x0002, "SHA-256");

  /** The list this server offers, strongest first, as PASSWORD-ALGORITHMS carries it. */
  private static final byte[] OFFERED =
      ByteBuffer.allocate(8).putInt(0x0002_0000).putInt(0x0001_0000).array();

  private final int code;
  private final String digest;

  PasswordAlgorithm(int code, String digest) {
    this.code = code;
    this.digest = digest;
  }

  public int code() {
    return code;
  }

  public static byte[] offered() {
    return OFFERED.clone();
  }

  /**
   * The algorithm that a PASSWORD-ALGORITHM attribute names, or null when it is none of ours or
   * carries parameters.
   */
  public static @Nullable PasswordAlgorithm of(byte[] value) {
    if (value.length != 4 || value[2] != 0 || value[3] != 0) {
      return null;
    }
    int code = ByteBuffer.wrap(value).getShort() & 0xFFFF;
    for (PasswordAlgorithm algorithm : values()) {
      if (algorithm.code == code) {
        return algorithm;
      }
    }
    return null;
  }

  /** The long-term key: digest(username ":" realm ":" password) (RFC 8489 §18.5.1). */
  public byte[] key(String username, String realm, String password) {
    return digest(digest, username + ":" + realm + ":" + password);
  }

  /** USERHASH: SHA-256(username ":" realm) (RFC 8489 §14.4). */
  public static byte[] userhash(String username, String realm) {
    return digest("SHA-256", username + ":" + realm);
  }

  private static byte[] digest(String name, String text) {
    try {
      return MessageDigest.getInstance(name).digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has " + name, e);
    }
  }
}
