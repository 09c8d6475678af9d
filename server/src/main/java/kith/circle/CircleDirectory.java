package kith.circle;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import kith.auth.User;
import kith.auth.UserId;
import kith.call.running.Directory;
import kith.database.Database;

/** Tells calls who shares a circle with whom. */
public final class CircleDirectory implements Directory {
  private final Database database;
  private final Function<UserId, Optional<User>> users;

  public CircleDirectory(Database database, Function<UserId, Optional<User>> users) {
    this.database = database;
    this.users = users;
  }

  @Override
  public Optional<CircleId> sharedCircle(UserId one, UserId other, Optional<CircleId> wanted) {
    return database.read(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT circles.id FROM circles
                    JOIN circle_members AS mine ON mine.circle_id = circles.id AND mine.user_id = :one
                    JOIN circle_members AS theirs
                      ON theirs.circle_id = circles.id AND theirs.user_id = :other
                    WHERE :wanted = '' OR circles.id = :wanted
                    ORDER BY circles.created_at, circles.id LIMIT 1""")
                .bind("one", one.value())
                .bind("other", other.value())
                .bind("wanted", wanted.map(CircleId::toString).orElse(""))
                .map((row, context) -> CircleRows.id(row.getString(1)))
                .findOne());
  }

  @Override
  public Set<UserId> acquaintances(UserId user) {
    return new HashSet<>(
        database.read(
            handle ->
                handle
                    .createQuery(
                        """
                        SELECT DISTINCT theirs.user_id FROM circle_members AS mine
                        JOIN circle_members AS theirs ON theirs.circle_id = mine.circle_id
                        WHERE mine.user_id = :user AND theirs.user_id <> :user""")
                    .bind("user", user.value())
                    .map((row, context) -> new UserId(row.getString(1)))
                    .list()));
  }

  @Override
  public Optional<User> user(UserId id) {
    return users.apply(id);
  }
}
