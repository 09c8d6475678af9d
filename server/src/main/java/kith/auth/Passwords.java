package kith.auth;

import com.password4j.Argon2Function;
import com.password4j.Password;
import com.password4j.types.Argon2;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import kith.web.Problem;

/**
 * Argon2id (RFC 9106) with the parameters OWASP's Password Storage Cheat Sheet advises: 19 MiB, 2
 * passes, 1 lane. Few are hashed at a time and few more may wait, so that a flood of sign-ins is
 * turned away and everyone else does not notice.
 */
public final class Passwords {
  public static final int MIN_LENGTH = 8;
  public static final int MAX_LENGTH = 256;

  private static final int MEMORY_KIB = 19_456;
  private static final int PASSES = 2;
  private static final int LANES = 1;
  private static final int HASH_BYTES = 32;
  private static final int SALT_BYTES = 16;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  static final int MAX_WAITING = 32;
  private static final Set<String> TRIVIAL =
      Set.of(
          "password",
          "password1",
          "password12",
          "password123",
          "passw0rd",
          "12345678",
          "123456789",
          "1234567890",
          "87654321",
          "11111111",
          "00000000",
          "qwertyui",
          "qwertyuiop",
          "qwerty123",
          "1q2w3e4r",
          "1qaz2wsx",
          "asdfghjkl",
          "iloveyou",
          "sunshine",
          "princess",
          "football",
          "baseball",
          "superman",
          "trustno1",
          "letmein1",
          "welcome1",
          "changeme",
          "abcdefgh",
          "abcd1234",
          "abc12345");

  private final Argon2Function argon2 =
      Argon2Function.getInstance(MEMORY_KIB, PASSES, LANES, HASH_BYTES, Argon2.ID);
  private final Semaphore turns =
      new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors() / 2), true);

  /** Compared against when there is no such account, so that both answers take as long. */
  private final String nobodys = hash("nobody has this password");

  /** What is wrong with a new password, if anything is. */
  static Optional<String> objection(String password, String username) {
    String lower = password.toLowerCase(Locale.ROOT);
    boolean trivial =
        TRIVIAL.contains(lower) || lower.equals(username) || lower.chars().distinct().count() < 3;
    return trivial ? Optional.of("is too easy to guess") : Optional.empty();
  }

  String hash(String password) {
    return inTurn(() -> Password.hash(password).addRandomSalt(SALT_BYTES).with(argon2).getResult());
  }

  /** Whether the password is the one that was hashed; takes as long when there is no hash. */
  boolean matches(String password, Optional<String> hash) {
    String against = hash.orElse(nobodys);
    boolean same =
        inTurn(
            () ->
                Password.check(password, against)
                    .with(Argon2Function.getInstanceFromHash(against)));
    return same && hash.isPresent();
  }

  private <T> T inTurn(Supplier<T> work) {
    if (turns.getQueueLength() >= MAX_WAITING) {
      throw tooMany();
    }
    try {
      if (!turns.tryAcquire(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw tooMany();
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      throw Problem.unavailable("The server is stopping");
    }
    try {
      return work.get();
    } finally {
      turns.release();
    }
  }

  private static Problem tooMany() {
    return Problem.unavailable("Too many people are signing in; try again in a moment");
  }
}
