package kith.circle;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import kith.auth.UserId;
import kith.circle.Circle.Member;
import kith.circle.Circle.Role;
import org.jdbi.v3.core.Handle;

/** The tables of circles and their members. */
final class CircleRows {
  private CircleRows() {}

  static void insert(Handle handle, CircleId id, String name, UserId owner, Instant now) {
    handle
        .createUpdate(
            "INSERT INTO circles (id, name, owner_id, created_at) VALUES (:id, :name, :owner, :now)")
        .bind("id", id.toString())
        .bind("name", name)
        .bind("owner", owner.value())
        .bind("now", now.toEpochMilli())
        .execute();
    join(handle, id, owner, now);
  }

  static boolean join(Handle handle, CircleId circle, UserId user, Instant now) {
    return handle
            .createUpdate(
                """
                INSERT INTO circle_members (circle_id, user_id, joined_at)
                VALUES (:circle, :user, :now) ON CONFLICT DO NOTHING""")
            .bind("circle", circle.toString())
            .bind("user", user.value())
            .bind("now", now.toEpochMilli())
            .execute()
        == 1;
  }

  static boolean leave(Handle handle, CircleId circle, UserId user) {
    return handle
            .createUpdate(
                "DELETE FROM circle_members WHERE circle_id = :circle AND user_id = :user")
            .bind("circle", circle.toString())
            .bind("user", user.value())
            .execute()
        == 1;
  }

  static void rename(Handle handle, CircleId circle, String name) {
    handle
        .createUpdate("UPDATE circles SET name = :name WHERE id = :circle")
        .bind("name", name)
        .bind("circle", circle.toString())
        .execute();
  }

  static void delete(Handle handle, CircleId circle) {
    handle
        .createUpdate("DELETE FROM circles WHERE id = :circle")
        .bind("circle", circle.toString())
        .execute();
  }

  static void deleteInvites(Handle handle, CircleId circle) {
    handle
        .createUpdate("DELETE FROM invites WHERE circle_id = :circle")
        .bind("circle", circle.toString())
        .execute();
  }

  static void setOwner(Handle handle, CircleId circle, UserId owner) {
    handle
        .createUpdate("UPDATE circles SET owner_id = :owner WHERE id = :circle")
        .bind("owner", owner.value())
        .bind("circle", circle.toString())
        .execute();
  }

  static Optional<UserId> longestMember(Handle handle, CircleId circle) {
    return handle
        .createQuery(
            """
            SELECT user_id FROM circle_members WHERE circle_id = :circle
            ORDER BY joined_at, user_id LIMIT 1""")
        .bind("circle", circle.toString())
        .map((row, context) -> new UserId(row.getString(1)))
        .findOne();
  }

  static int countMembers(Handle handle, CircleId circle) {
    return handle
        .createQuery("SELECT count(*) FROM circle_members WHERE circle_id = :circle")
        .bind("circle", circle.toString())
        .mapTo(Integer.class)
        .one();
  }

  static int countCircles(Handle handle, UserId user) {
    return handle
        .createQuery("SELECT count(*) FROM circle_members WHERE user_id = :user")
        .bind("user", user.value())
        .mapTo(Integer.class)
        .one();
  }

  static List<Circle.Summary> ofUser(Handle handle, UserId user) {
    return handle
        .createQuery(
            """
            SELECT circles.id, name, owner_id,
              (SELECT count(*) FROM circle_members AS all_of
               WHERE all_of.circle_id = circles.id) AS members
            FROM circles JOIN circle_members AS mine ON mine.circle_id = circles.id
            WHERE mine.user_id = :user ORDER BY mine.joined_at, circles.id""")
        .bind("user", user.value())
        .map(
            (row, context) -> {
              UserId owner = new UserId(row.getString("owner_id"));
              return new Circle.Summary(
                  id(row.getString("id")),
                  row.getString("name"),
                  owner,
                  role(user, owner),
                  row.getInt("members"));
            })
        .list();
  }

  /** A circle as one of its members sees it; nothing to anyone else. */
  static Optional<Circle> seenBy(
      Handle handle, CircleId circle, UserId viewer, Function<UserId, String> status) {
    return ofUser(handle, viewer).stream()
        .filter(summary -> summary.id().equals(circle))
        .findFirst()
        .map(
            summary -> {
              List<Member> members = members(handle, circle, summary.ownerId(), status);
              return new Circle(
                  circle,
                  summary.name(),
                  summary.ownerId(),
                  summary.role(),
                  members.size(),
                  members);
            });
  }

  private static List<Member> members(
      Handle handle, CircleId circle, UserId owner, Function<UserId, String> status) {
    return handle
        .createQuery(
            """
            SELECT users.id, username, display_name FROM circle_members
            JOIN users ON users.id = circle_members.user_id
            WHERE circle_id = :circle ORDER BY joined_at, users.id""")
        .bind("circle", circle.toString())
        .map(
            (row, context) -> {
              UserId id = new UserId(row.getString("id"));
              return new Member(
                  id,
                  row.getString("username"),
                  row.getString("display_name"),
                  role(id, owner),
                  status.apply(id));
            })
        .list();
  }

  static CircleId id(String text) {
    return new CircleId(UUID.fromString(text));
  }

  private static Role role(UserId user, UserId owner) {
    return user.equals(owner) ? Role.OWNER : Role.MEMBER;
  }
}
