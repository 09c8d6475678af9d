package kith.relay;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import kith.auth.UserId;

/**
 * Makes TURN credentials that expire, as coturn's {@code use-auth-secret} reads them
 * (draft-uberti-behave-turn-rest-00): the username is {@code <expiry>:<user id>}, the password its
 * HMAC-SHA1 under a secret shared with the relay, in Base64.
 */
final class TurnCredentials {
  static final Duration LIFETIME = Duration.ofHours(12);
  private static final String HMAC = "HmacSHA1";

  private final SecretKeySpec secret;
  private final InstantSource clock;

  TurnCredentials(String secret, InstantSource clock) {
    this.secret = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), HMAC);
    this.clock = clock;
  }

  record Credential(String username, String password) {}

  Credential forUser(UserId user) {
    Instant expires = clock.instant().plus(LIFETIME);
    String username = expires.getEpochSecond() + ":" + user.value();
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(secret);
      byte[] hash = mac.doFinal(username.getBytes(StandardCharsets.UTF_8));
      return new Credential(username, Base64.getEncoder().encodeToString(hash));
    } catch (NoSuchAlgorithmException | InvalidKeyException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }
}
