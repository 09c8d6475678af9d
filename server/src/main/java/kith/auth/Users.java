package kith.auth;

import java.time.Instant;
import java.util.Optional;
import kith.privacy.RelayPolicy;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/** The users table. */
final class Users {
  private static final RowMapper<User> USER =
      (row, context) ->
          new User(
              new UserId(row.getString("id")),
              row.getString("username"),
              row.getString("display_name"),
              RelayPolicy.ofWire(row.getString("relay")).orElse(RelayPolicy.ALWAYS));

  private Users() {}

  /**
   * @return whether the username was still free
   */
  static boolean insert(Handle handle, User user, Optional<String> passwordHash, Instant now) {
    return handle
            .createUpdate(
                """
                INSERT INTO users (id, username, display_name, password_hash, created_at)
                VALUES (:id, :username, :displayName, :hash, :now) ON CONFLICT DO NOTHING""")
            .bind("id", user.id().value())
            .bind("username", user.username())
            .bind("displayName", user.displayName())
            .bind("hash", passwordHash.orElse(null))
            .bind("now", now.toEpochMilli())
            .execute()
        == 1;
  }

  static Optional<User> byId(Handle handle, UserId id) {
    return handle
        .createQuery("SELECT id, username, display_name, relay FROM users WHERE id = :id")
        .bind("id", id.value())
        .map(USER)
        .findOne();
  }

  static Optional<User> byUsername(Handle handle, String username) {
    return handle
        .createQuery(
            "SELECT id, username, display_name, relay FROM users WHERE username = :username")
        .bind("username", username)
        .map(USER)
        .findOne();
  }

  static Optional<String> passwordHash(Handle handle, UserId id) {
    return handle
        .createQuery("SELECT password_hash FROM users WHERE id = :id")
        .bind("id", id.value())
        .map((row, context) -> Optional.ofNullable(row.getString(1)))
        .findOne()
        .flatMap(hash -> hash);
  }

  static void rename(Handle handle, UserId id, String displayName) {
    handle
        .createUpdate("UPDATE users SET display_name = :displayName WHERE id = :id")
        .bind("displayName", displayName)
        .bind("id", id.value())
        .execute();
  }

  static void setRelay(Handle handle, UserId id, RelayPolicy relay) {
    handle
        .createUpdate("UPDATE users SET relay = :relay WHERE id = :id")
        .bind("relay", relay.wire())
        .bind("id", id.value())
        .execute();
  }

  static void setPasswordHash(Handle handle, UserId id, String hash) {
    handle
        .createUpdate("UPDATE users SET password_hash = :hash WHERE id = :id")
        .bind("hash", hash)
        .bind("id", id.value())
        .execute();
  }

  static boolean delete(Handle handle, UserId id) {
    return handle.createUpdate("DELETE FROM users WHERE id = :id").bind("id", id.value()).execute()
        == 1;
  }

  static boolean areThereAny(Handle handle) {
    return handle
        .createQuery("SELECT 1 FROM users LIMIT 1")
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }
}
