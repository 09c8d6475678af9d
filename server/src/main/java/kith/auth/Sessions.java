package kith.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * Sessions and their refresh tokens. A refresh token is good once and makes the next; only its hash
 * is kept. One that comes back after it was spent has been stolen, from us or by us: nobody can
 * tell which of the two holders is the thief, so the session ends for both (RFC 9700 section
 * 4.14.2).
 */
final class Sessions {
  static final Duration LIFETIME = Duration.ofDays(60);
  private static final int MAX_PER_USER = 50;
  private static final int MAX_SPENT_PER_SESSION = 200;
  private static final int TOKEN_BYTES = 32;
  private static final SecureRandom random = new SecureRandom();

  private Sessions() {}

  /** A session, and the refresh token it has now. */
  record Current(SessionId session, String refreshToken) {}

  /**
   * A session that began.
   *
   * @param evicted the oldest of the same user, which are over because there were too many
   */
  record Begun(Current current, Set<SessionId> evicted) {}

  static Begun begin(Handle handle, UserId user, Instant now) {
    SessionId session = new SessionId(UUID.randomUUID().toString());
    handle
        .createUpdate(
            """
            INSERT INTO sessions (id, user_id, created_at, expires_at)
            VALUES (:id, :user, :now, :expires)""")
        .bind("id", session.value())
        .bind("user", user.value())
        .bind("now", now.toEpochMilli())
        .bind("expires", now.plus(LIFETIME).toEpochMilli())
        .execute();
    Set<SessionId> evicted = beyondTheMost(handle, user);
    evicted.forEach(oldest -> end(handle, oldest));
    return new Begun(issue(handle, session, now), evicted);
  }

  private static Set<SessionId> beyondTheMost(Handle handle, UserId user) {
    return handle
        .createQuery(
            """
            SELECT id FROM sessions WHERE user_id = :user AND id NOT IN (
              SELECT id FROM sessions WHERE user_id = :user
              ORDER BY created_at DESC, id LIMIT :most)""")
        .bind("user", user.value())
        .bind("most", MAX_PER_USER)
        .map((row, context) -> new SessionId(row.getString("id")))
        .set();
  }

  /** Whether this is a session of theirs that was not ended. */
  static boolean goesOn(Handle handle, SessionId session, UserId user) {
    return handle
        .createQuery("SELECT 1 FROM sessions WHERE id = :id AND user_id = :user")
        .bind("id", session.value())
        .bind("user", user.value())
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }

  /** What became of a refresh token that was presented. */
  sealed interface Outcome {
    record Renewed(UserId user, Current current) implements Outcome {}

    /** It was spent before; its session is over now. */
    record Reused(UserId user, SessionId session) implements Outcome {}

    record Unknown() implements Outcome {}
  }

  /**
   * Spends a refresh token for the next one.
   *
   * @param attempt a name the client made up for this renewal, by which it asks again if no answer
   *     came: whoever stole the token does not know it
   */
  static Outcome renew(Handle handle, String refreshToken, Optional<String> attempt, Instant now) {
    Optional<Found> found = find(handle, refreshToken);
    if (found.isEmpty() || !now.isBefore(found.get().expiresAt())) {
      return new Outcome.Unknown();
    }
    Found token = found.get();
    int spent =
        handle
            .createUpdate(
                """
                UPDATE refresh_tokens SET spent_at = :now, attempt = :attempt
                WHERE hash = :hash AND spent_at IS NULL""")
            .bind("now", now.toEpochMilli())
            .bind("attempt", attempt.map(Sessions::hash).orElse(null))
            .bind("hash", hash(refreshToken))
            .execute();
    if (spent == 0 && !takesBackTheNext(handle, token.session(), refreshToken, attempt)) {
      end(handle, token.session());
      return new Outcome.Reused(token.user(), token.session());
    }
    handle
        .createUpdate("UPDATE sessions SET expires_at = :expires WHERE id = :id")
        .bind("expires", now.plus(LIFETIME).toEpochMilli())
        .bind("id", token.session().value())
        .execute();
    forgetLongSpent(handle, token.session());
    return new Outcome.Renewed(token.user(), issue(handle, token.session(), now));
  }

  /**
   * The answer to this very renewal was lost, if the token that came of it was never presented: it
   * is nobody's, and another takes its place.
   */
  private static boolean takesBackTheNext(
      Handle handle, SessionId session, String refreshToken, Optional<String> attempt) {
    return attempt.isPresent()
        && handle
                .createUpdate(
                    """
                    DELETE FROM refresh_tokens WHERE session_id = :session AND spent_at IS NULL
                    AND EXISTS (
                      SELECT 1 FROM refresh_tokens AS spent
                      WHERE spent.hash = :hash AND spent.attempt = :attempt AND NOT EXISTS (
                        SELECT 1 FROM refresh_tokens AS later
                        WHERE later.session_id = :session AND later.hash <> :hash
                        AND later.spent_at >= spent.spent_at))""")
                .bind("session", session.value())
                .bind("hash", hash(refreshToken))
                .bind("attempt", hash(attempt.get()))
                .execute()
            == 1;
  }

  /** A session that is over, and whose it was. */
  record Ended(UserId user, SessionId session) {}

  /** Ends the session a refresh token belongs to, if there is one. */
  static Optional<Ended> endByToken(Handle handle, String refreshToken) {
    Optional<Found> found = find(handle, refreshToken);
    found.ifPresent(token -> end(handle, token.session()));
    return found.map(token -> new Ended(token.user(), token.session()));
  }

  static void endAll(Handle handle, UserId user) {
    handle
        .createUpdate("DELETE FROM sessions WHERE user_id = :user")
        .bind("user", user.value())
        .execute();
  }

  static void deleteExpired(Handle handle, Instant now) {
    handle
        .createUpdate("DELETE FROM sessions WHERE expires_at <= :now")
        .bind("now", now.toEpochMilli())
        .execute();
  }

  private static void end(Handle handle, SessionId session) {
    handle
        .createUpdate("DELETE FROM sessions WHERE id = :id")
        .bind("id", session.value())
        .execute();
  }

  /** A token spent that long ago is unknown from here on: refused all the same. */
  private static void forgetLongSpent(Handle handle, SessionId session) {
    handle
        .createUpdate(
            """
            DELETE FROM refresh_tokens WHERE session_id = :session AND spent_at IS NOT NULL
            AND hash NOT IN (
              SELECT hash FROM refresh_tokens
              WHERE session_id = :session AND spent_at IS NOT NULL
              ORDER BY spent_at DESC, hash LIMIT :most)""")
        .bind("session", session.value())
        .bind("most", MAX_SPENT_PER_SESSION)
        .execute();
  }

  private static Current issue(Handle handle, SessionId session, Instant now) {
    byte[] bytes = new byte[TOKEN_BYTES];
    random.nextBytes(bytes);
    String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    handle
        .createUpdate(
            "INSERT INTO refresh_tokens (hash, session_id, issued_at) VALUES (:hash, :session, :now)")
        .bind("hash", hash(token))
        .bind("session", session.value())
        .bind("now", now.toEpochMilli())
        .execute();
    return new Current(session, token);
  }

  private record Found(SessionId session, UserId user, Instant expiresAt) {}

  private static Optional<Found> find(Handle handle, String refreshToken) {
    return handle
        .createQuery(
            """
            SELECT sessions.id, sessions.user_id, sessions.expires_at FROM refresh_tokens
            JOIN sessions ON sessions.id = refresh_tokens.session_id WHERE hash = :hash""")
        .bind("hash", hash(refreshToken))
        .map(
            (row, context) ->
                new Found(
                    new SessionId(row.getString("id")),
                    new UserId(row.getString("user_id")),
                    Instant.ofEpochMilli(row.getLong("expires_at"))))
        .findOne();
  }

  private static String hash(String token) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }
}
