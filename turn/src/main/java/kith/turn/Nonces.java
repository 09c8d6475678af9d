package kith.turn;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import kith.turn.stun.TransportAddress;

/**
 * Nonces that need no memory: cookie and security features (RFC 8489 §9.2), the second they were
 * made, and an HMAC over that and the client's IP address. Nobody without the key can guess or make
 * one, and one made for another host says nothing here.
 */
final class Nonces {
  private static final String COOKIE = "obMatJos2";
  private static final int PASSWORD_ALGORITHMS = 0x80_0000;
  private static final int USERNAME_ANONYMITY = 0x40_0000;
  private static final int MAC_BYTES = 8;

  private final SecretKeySpec key;
  private final String prefix;
  private final long lifetime;

  Nonces(byte[] key, boolean userhash, long lifetime) {
    this.key = new SecretKeySpec(key, "HmacSHA256");
    this.lifetime = lifetime;
    int features = PASSWORD_ALGORITHMS | (userhash ? USERNAME_ANONYMITY : 0);
    byte[] bits = {(byte) (features >> 16), (byte) (features >> 8), (byte) features};
    this.prefix = COOKIE + Base64.getEncoder().encodeToString(bits);
  }

  String mint(TransportAddress client, long now) {
    int second = (int) (now / 1000);
    byte[] body =
        ByteBuffer.allocate(4 + MAC_BYTES).putInt(second).put(mac(client, second)).array();
    return prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(body);
  }

  /** What a nonce says of who sent it. */
  enum Kind {
    /** Nothing: this server did not make it, or not for this host. */
    FOREIGN,
    /** That it was at its address once. */
    STALE,
    /** That it is at its address. */
    FRESH
  }

  /** The kind of a nonce that came from this host. */
  Kind kindOf(String nonce, TransportAddress client, long now) {
    if (!nonce.startsWith(prefix) || nonce.length() != prefix.length() + 16) {
      return Kind.FOREIGN;
    }
    byte[] body;
    try {
      body =
          Base64.getUrlDecoder()
              .decode(nonce.substring(prefix.length()).getBytes(StandardCharsets.ISO_8859_1));
    } catch (IllegalArgumentException e) {
      return Kind.FOREIGN;
    }
    int second = ByteBuffer.wrap(body).getInt();
    // Less than none where the clock of the loop that made it was read in a second newer than now.
    long age = now / 1000 - second;
    byte[] claimed = Arrays.copyOfRange(body, 4, body.length);
    if (!MessageDigest.isEqual(claimed, mac(client, second))) {
      return Kind.FOREIGN;
    }
    return age * 1000 < lifetime ? Kind.FRESH : Kind.STALE;
  }

  /** Whether a nonce says that its server knows PASSWORD-ALGORITHMS, whoever made it. */
  static boolean announcesPasswordAlgorithms(String nonce) {
    if (!nonce.startsWith(COOKIE) || nonce.length() < COOKIE.length() + 4) {
      return false;
    }
    try {
      byte[] bits =
          Base64.getDecoder().decode(nonce.substring(COOKIE.length(), COOKIE.length() + 4));
      return (bits[0] & 0x80) != 0;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private byte[] mac(TransportAddress client, int second) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      mac.update(
          ByteBuffer.allocate(20)
              .putInt(second)
              .putLong(client.high())
              .putLong(client.low())
              .flip());
      return Arrays.copyOf(mac.doFinal(), MAC_BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has HmacSHA256", e);
    }
  }
}
