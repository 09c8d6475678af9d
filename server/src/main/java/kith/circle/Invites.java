package kith.circle;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import kith.auth.Invitations;
import kith.auth.User;
import kith.auth.UserId;
import kith.database.Database;
import kith.web.Problem;
import org.jdbi.v3.core.Handle;

/** Links that let people into a circle, for a time and a number of uses. */
public final class Invites implements Invitations {
  static final Duration DEFAULT_LIFETIME = Duration.ofDays(7);
  static final Duration MAX_LIFETIME = Duration.ofDays(90);
  static final int DEFAULT_USES = 25;
  static final int MAX_USES = 100;
  static final int MAX_PER_CIRCLE = 200;

  /** Letters and digits that are hard to mistake for one another; 12 of them are 60 bits. */
  private static final String ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz";

  private static final int CODE_LENGTH = 12;
  private static final SecureRandom random = new SecureRandom();

  private final Database database;
  private final Circles circles;
  private final InstantSource clock;

  public Invites(Database database, Circles circles, InstantSource clock) {
    this.database = database;
    this.circles = circles;
    this.clock = clock;
  }

  /** A link into a circle. */
  record Invite(String code, String url, Instant expiresAt) {}

  /** What a stranger who has the link may know. */
  record Preview(Name circle, String invitedBy, Instant expiresAt) {
    record Name(String name) {}
  }

  Invite create(User by, CircleId circle, Duration lifetime, int uses, URI base) {
    String code = newCode();
    Instant now = clock.instant();
    database.write(
        handle -> {
          circles.see(handle, by, circle);
          deleteLongExpired(handle, now);
          if (countOpen(handle, circle, now) >= MAX_PER_CIRCLE) {
            throw Problem.conflict("The circle has too many open invites; wait for some to expire");
          }
          return insert(handle, code, circle, by.id(), now, now.plus(lifetime), uses);
        });
    return new Invite(code, base + "/i/" + code, now.plus(lifetime));
  }

  Preview preview(String code) {
    return database
        .read(
            handle ->
                handle
                    .createQuery(
                        """
                        SELECT circles.name, users.display_name, expires_at, uses_left FROM invites
                        JOIN circles ON circles.id = invites.circle_id
                        JOIN users ON users.id = invites.created_by WHERE code = :code""")
                    .bind("code", code)
                    .map(
                        (row, context) -> {
                          Instant expiresAt = Instant.ofEpochMilli(row.getLong("expires_at"));
                          requireOpen(expiresAt, row.getInt("uses_left"), clock.instant());
                          return new Preview(
                              new Preview.Name(row.getString("name")),
                              row.getString("display_name"),
                              expiresAt);
                        })
                    .findOne())
        .orElseThrow(Invites::unknown);
  }

  Circle accept(String code, User user) {
    Circle joined =
        database.write(
            handle -> {
              CircleId circle = use(handle, code, user.id(), clock.instant());
              return circles.see(handle, user, circle);
            });
    circles.joined(user.id(), joined.id());
    return joined;
  }

  @Override
  public void accept(Handle transaction, String code, UserId user, Instant now) {
    use(transaction, code, user, now);
  }

  private CircleId use(Handle handle, String code, UserId user, Instant now) {
    CircleId circle = find(handle, code, now).orElseThrow(Invites::unknown);
    if (circles.join(handle, circle, user)) {
      int used =
          handle
              .createUpdate(
                  "UPDATE invites SET uses_left = uses_left - 1 WHERE code = :code AND uses_left > 0")
              .bind("code", code)
              .execute();
      if (used == 0) {
        throw over();
      }
    }
    return circle;
  }

  private static Optional<CircleId> find(Handle handle, String code, Instant now) {
    return handle
        .createQuery("SELECT circle_id, expires_at, uses_left FROM invites WHERE code = :code")
        .bind("code", code)
        .map(
            (row, context) -> {
              requireOpen(
                  Instant.ofEpochMilli(row.getLong("expires_at")), row.getInt("uses_left"), now);
              return CircleRows.id(row.getString("circle_id"));
            })
        .findOne();
  }

  private static void requireOpen(Instant expiresAt, int usesLeft, Instant now) {
    if (usesLeft <= 0 || !now.isBefore(expiresAt)) {
      throw over();
    }
  }

  private static boolean insert(
      Handle handle,
      String code,
      CircleId circle,
      UserId by,
      Instant now,
      Instant expiresAt,
      int uses) {
    return handle
            .createUpdate(
                """
                INSERT INTO invites (code, circle_id, created_by, created_at, expires_at, uses_left)
                VALUES (:code, :circle, :by, :now, :expires, :uses)""")
            .bind("code", code)
            .bind("circle", circle.toString())
            .bind("by", by.value())
            .bind("now", now.toEpochMilli())
            .bind("expires", expiresAt.toEpochMilli())
            .bind("uses", uses)
            .execute()
        == 1;
  }

  /** Until then whoever comes by one is told that it is over, and not that there never was one. */
  private static void deleteLongExpired(Handle handle, Instant now) {
    handle
        .createUpdate("DELETE FROM invites WHERE expires_at <= :then")
        .bind("then", now.minus(DEFAULT_LIFETIME).toEpochMilli())
        .execute();
  }

  private static int countOpen(Handle handle, CircleId circle, Instant now) {
    return handle
        .createQuery(
            """
            SELECT count(*) FROM invites
            WHERE circle_id = :circle AND expires_at > :now AND uses_left > 0""")
        .bind("circle", circle.toString())
        .bind("now", now.toEpochMilli())
        .mapTo(Integer.class)
        .one();
  }

  private static String newCode() {
    StringBuilder code = new StringBuilder();
    for (int i = 0; i < CODE_LENGTH; i++) {
      code.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return code.toString();
  }

  private static Problem unknown() {
    return Problem.notFound("There is no such invite; check the link");
  }

  private static Problem over() {
    return new Problem(410, "not_found", "This invite has expired; ask for a new one");
  }
}
