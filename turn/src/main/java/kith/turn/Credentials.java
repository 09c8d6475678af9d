package kith.turn;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import kith.turn.stun.PasswordAlgorithm;
import org.jspecify.annotations.Nullable;

/**
 * Who may use the server: static users with a password, and time-limited users whose name is {@code
 * expiry:user} or {@code expiry} alone (in seconds since 1970) and whose password is
 * base64(HMAC-SHA1(secret, name)) - what coturn calls use-auth-secret.
 */
public final class Credentials {
  private final List<byte[]> secrets;
  private final Map<String, String> users;
  private final Map<UserHash, String> byHash = new HashMap<>();

  private record UserHash(String hex) {}

  /** What a name proves: the passwords that are right for it, and who is behind it. */
  record Account(String username, String user, List<String> passwords) {}

  /**
   * @param secrets of the time-limited users, any number at once so that they can be rotated
   * @param users static users: name to password
   */
  public Credentials(String realm, List<byte[]> secrets, Map<String, String> users) {
    this.secrets = secrets.stream().map(byte[]::clone).toList();
    this.users = Map.copyOf(users);
    users.keySet().forEach(name -> byHash.put(key(PasswordAlgorithm.userhash(name, realm)), name));
  }

  private static UserHash key(byte[] hash) {
    return new UserHash(Base64.getEncoder().encodeToString(hash));
  }

  /**
   * Whether clients may be told to send USERHASH, which they do from then on (RFC 8489 §9.2.5): a
   * time-limited name cannot be told from its hash, so only where all users are static.
   */
  boolean allHaveHashes() {
    return !users.isEmpty() && secrets.isEmpty();
  }

  @Nullable String usernameOf(byte[] userhash) {
    return byHash.get(key(userhash));
  }

  /** The account of this name, or null when there is none or it has expired. */
  @Nullable Account find(String username, long epochSeconds) {
    String password = users.get(username);
    if (password != null) {
      return new Account(username, username, List.of(password));
    }
    long expiry = expiryOf(username);
    if (secrets.isEmpty() || expiry <= epochSeconds) {
      return null;
    }
    // Of those without a user, all that share an expiry share a quota.
    int colon = username.indexOf(':');
    String user = colon < 0 ? username : username.substring(colon + 1);
    return new Account(
        username,
        user,
        secrets.stream().map(secret -> timeLimitedPassword(secret, username)).toList());
  }

  /** The seconds before the first colon, if there is one; -1 when the name is not of that form. */
  private static long expiryOf(String username) {
    int colon = username.indexOf(':');
    int end = colon < 0 ? username.length() : colon;
    if (end < 1 || end > 18 || !username.chars().limit(end).allMatch(c -> c >= '0' && c <= '9')) {
      return -1;
    }
    return Long.parseLong(username.substring(0, end));
  }

  /** The name under which {@code user} may use the server until {@code epochSeconds}. */
  public static String timeLimitedUsername(String user, long epochSeconds) {
    return epochSeconds + ":" + user;
  }

  /** The password of a time-limited name: base64(HMAC-SHA1(secret, name)). */
  public static String timeLimitedPassword(byte[] secret, String username) {
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(secret, "HmacSHA1"));
      return Base64.getEncoder()
          .encodeToString(mac.doFinal(username.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has HmacSHA1", e);
    }
  }

  @Override
  public String toString() {
    return "Credentials[" + secrets.size() + " secrets, " + users.size() + " users]";
  }
}
