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
 * made, and two proofs of whom for: by its IP address, and by its port as well (§9.2.4: no two
 * clients have the same). Nobody without the key can guess or make one, and one made for another
 * host says nothing here. A request that was read on the way cannot be repeated from another port
 * to make more allocations of its user.
 */
final class Nonces {
  private static final String COOKIE = "obMatJos2";
  private static final int PASSWORD_ALGORITHMS = 0x80_0000;
  private static final int USERNAME_ANONYMITY = 0x40_0000;
  // What follows the prefix: the second and the two proofs. The key of the second lies in what is
  // not told of the HMAC that the first is of. So long they fill the attribute without padding.
  private static final int SECOND = 4;
  private static final int PROOF = 5;
  private static final int PORT_KEY = 8;
  private static final int BODY = SECOND + 2 * PROOF;
  private static final int BODY_TEXT = 19;

  private final SecretKeySpec key;
  private final String prefix;
  private final long lifetime;

  Nonces(byte[] key, boolean usernameAnonymity, long lifetime) {
    this.key = new SecretKeySpec(key, "HmacSHA256");
    this.lifetime = lifetime;
    int features = PASSWORD_ALGORITHMS | (usernameAnonymity ? USERNAME_ANONYMITY : 0);
    byte[] bits = {(byte) (features >> 16), (byte) (features >> 8), (byte) features};
    this.prefix = COOKIE + Base64.getEncoder().encodeToString(bits);
  }

  String mint(TransportAddress client, long now) {
    byte[] body = body(client, (int) (now / 1000));
    return prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(body);
  }

  /** What a nonce says of who sent it. */
  enum Kind {
    /** Nothing: this server did not make it, or not for this host. */
    FOREIGN,
    /** That it was at its address once. */
    STALE,
    /** That it is at its address, and was at another port when it was given the nonce. */
    OF_ANOTHER_PORT,
    /** That it is at its address and port. */
    FRESH
  }

  /** The kind of a nonce that came from this client. */
  Kind kindOf(String nonce, TransportAddress client, long now) {
    if (!nonce.startsWith(prefix) || nonce.length() != prefix.length() + BODY_TEXT) {
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
    byte[] right = body(client, second);
    if (!same(body, right, SECOND)) {
      return Kind.FOREIGN;
    }
    if (age * 1000 >= lifetime) {
      return Kind.STALE;
    }
    return same(body, right, SECOND + PROOF) ? Kind.FRESH : Kind.OF_ANOTHER_PORT;
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

  /** Whether the proofs of two nonces that begin there are the same, in constant time. */
  private static boolean same(byte[] one, byte[] other, int at) {
    return MessageDigest.isEqual(
        Arrays.copyOfRange(one, at, at + PROOF), Arrays.copyOfRange(other, at, at + PROOF));
  }

  private byte[] body(TransportAddress client, int second) {
    byte[] ofHost = mac(client, second);
    ByteBuffer keys = ByteBuffer.wrap(ofHost, PORT_KEY, 2 * Long.BYTES);
    long ofPort = new SipHash(keys.getLong(), keys.getLong()).of(client.port(), 0);
    byte[] proof = ByteBuffer.allocate(Long.BYTES).putLong(ofPort).array();
    return ByteBuffer.allocate(BODY)
        .putInt(second)
        .put(ofHost, 0, PROOF)
        .put(proof, 0, PROOF)
        .array();
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
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has HmacSHA256", e);
    }
  }
}
