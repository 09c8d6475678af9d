package kith.turn;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.text.Normalizer;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
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
  private static final Pattern SPACE = Pattern.compile("\\p{Zs}");

  private final String realm;
  private final List<byte[]> secrets;
  // Their keys and not their passwords (RFC 8656 §6).
  private final Map<String, Map<PasswordAlgorithm, byte[]>> users = new HashMap<>();
  private final Map<UserHash, String> byHash = new HashMap<>();

  private record UserHash(String hex) {}

  /** A name that may be used now, and who is behind it. */
  record Account(String username, String user) {}

  /**
   * @param secrets of the time-limited users, any number at once so that they can be rotated
   * @param users static users: name to password, both prepared here as clients prepare them
   */
  public Credentials(String realm, List<byte[]> secrets, Map<String, String> users) {
    this.secrets = secrets.stream().map(byte[]::clone).toList();
    this.realm = realm;
    users.forEach((name, password) -> add(prepared(name), prepared(password)));
  }

  private void add(String name, String password) {
    Map<PasswordAlgorithm, byte[]> keys = new EnumMap<>(PasswordAlgorithm.class);
    for (PasswordAlgorithm algorithm : PasswordAlgorithm.values()) {
      keys.put(algorithm, algorithm.key(name, realm, password));
    }
    users.put(name, keys);
    byHash.put(key(PasswordAlgorithm.userhash(name, realm)), name);
  }

  /**
   * By the profile OpaqueString (RFC 8265 §4.2.2): any space is U+0020, and letters are composed
   * (NFC).
   */
  private static String prepared(String text) {
    return Normalizer.normalize(SPACE.matcher(text).replaceAll(" "), Normalizer.Form.NFC);
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
    if (users.containsKey(username)) {
      return new Account(username, username);
    }
    long expiry = expiryOf(username);
    if (secrets.isEmpty() || expiry <= epochSeconds) {
      return null;
    }
    // Of those without a user, all that share an expiry share a quota.
    int colon = username.indexOf(':');
    String user = colon < 0 ? username : username.substring(colon + 1);
    return new Account(username, user);
  }

  /** The keys that are right for this name, in the order they should be tried. */
  List<byte[]> keys(String username, PasswordAlgorithm algorithm) {
    Map<PasswordAlgorithm, byte[]> known = users.get(username);
    return known != null
        ? List.of(Objects.requireNonNull(known.get(algorithm)))
        : secrets.stream()
            .map(secret -> algorithm.key(username, realm, timeLimitedPassword(secret, username)))
            .toList();
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
