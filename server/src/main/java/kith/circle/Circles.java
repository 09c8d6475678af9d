package kith.circle;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import kith.auth.User;
import kith.auth.UserId;
import kith.circle.Circle.Role;
import kith.database.Database;
import kith.web.Problem;
import org.jdbi.v3.core.Handle;

/** Circles: making, seeing, renaming and leaving them. */
public final class Circles {
  static final int MAX_PER_USER = 100;
  static final int MAX_MEMBERS = 100;

  private final Database database;
  private final Function<UserId, String> status;
  private final Membership membership;
  private final InstantSource clock;

  /**
   * @param status whether someone can be called now
   */
  public Circles(
      Database database,
      Function<UserId, String> status,
      Membership membership,
      InstantSource clock) {
    this.database = database;
    this.status = status;
    this.membership = membership;
    this.clock = clock;
  }

  List<Circle.Summary> of(User user) {
    return database.read(handle -> CircleRows.ofUser(handle, user.id()));
  }

  Circle see(User user, CircleId circle) {
    return database.read(handle -> see(handle, user, circle));
  }

  Circle create(User owner, String name) {
    CircleId id = new CircleId(UUID.randomUUID());
    return database.write(
        handle -> {
          requireRoomForOneMore(handle, owner.id());
          CircleRows.insert(handle, id, name, owner.id(), clock.instant());
          return see(handle, owner, id);
        });
  }

  Circle rename(User user, CircleId id, String name) {
    return database.write(
        handle -> {
          requireOwner(see(handle, user, id), "Only the owner renames a circle");
          CircleRows.rename(handle, id, name);
          return see(handle, user, id);
        });
  }

  void delete(User user, CircleId id) {
    Circle deleted =
        database.write(
            handle -> {
              Circle circle = see(handle, user, id);
              requireOwner(circle, "Only the owner deletes a circle");
              CircleRows.delete(handle, id);
              return circle;
            });
    deleted.members().forEach(member -> left(member.userId(), deleted));
  }

  /** Sees to it that the first is in a circle, and that the other is in it, too. */
  public void ensureShared(User owner, User other, String name) {
    CircleId circle =
        of(owner).stream()
            .findFirst()
            .map(Circle.Summary::id)
            .orElseGet(() -> create(owner, name).id());
    if (database.write(handle -> join(handle, circle, other.id()))) {
      joined(other.id(), circle);
    }
  }

  /** To be told after the transaction in which someone joined. */
  void joined(UserId user, CircleId circle) {
    membership.joined(user, circle);
  }

  /**
   * Someone leaves, or the owner removes them; then every open link into the circle ends, too, for
   * the one removed may know it.
   */
  void remove(User by, CircleId id, UserId member) {
    Circle left =
        database.write(
            handle -> {
              Circle circle = see(handle, by, id);
              if (!by.id().equals(member)) {
                requireOwner(circle, "Only the owner removes members");
                CircleRows.deleteInvites(handle, id);
              }
              leave(handle, circle, member);
              return circle;
            });
    left(member, left);
  }

  private static void leave(Handle handle, Circle circle, UserId member) {
    if (!CircleRows.leave(handle, circle.id(), member)) {
      throw Problem.notFound("There is no such member");
    }
    if (member.equals(circle.ownerId())) {
      handOver(handle, circle.id());
    }
  }

  /**
   * To be told after the transaction in which someone left.
   *
   * @param circle as it was before
   */
  private void left(UserId user, Circle circle) {
    Set<UserId> others =
        circle.members().stream()
            .map(Circle.Member::userId)
            .filter(member -> !member.equals(user))
            .collect(Collectors.toSet());
    membership.left(user, circle.id(), others);
  }

  /**
   * Someone leaves every circle they are in.
   *
   * @return what is to be told after the transaction
   */
  public Runnable leaveAll(Handle handle, User user) {
    List<Circle> left =
        CircleRows.ofUser(handle, user.id()).stream()
            .map(circle -> see(handle, user, circle.id()))
            .toList();
    left.forEach(circle -> leave(handle, circle, user.id()));
    return () -> left.forEach(circle -> left(user.id(), circle));
  }

  /** To the longest member; a circle without members is gone. */
  private static void handOver(Handle handle, CircleId id) {
    CircleRows.longestMember(handle, id)
        .ifPresentOrElse(
            heir -> CircleRows.setOwner(handle, id, heir), () -> CircleRows.delete(handle, id));
  }

  boolean join(Handle handle, CircleId circle, UserId user) {
    boolean joined = CircleRows.join(handle, circle, user, clock.instant());
    if (joined) {
      if (CircleRows.countMembers(handle, circle) > MAX_MEMBERS) {
        throw Problem.conflict("The circle is full: it has " + MAX_MEMBERS + " members");
      }
      if (CircleRows.countCircles(handle, user) > MAX_PER_USER) {
        throw tooManyCircles();
      }
    }
    return joined;
  }

  Circle see(Handle handle, User user, CircleId id) {
    Optional<Circle> circle = CircleRows.seenBy(handle, id, user.id(), status);
    return circle.orElseThrow(() -> Problem.notFound("There is no such circle"));
  }

  private static void requireRoomForOneMore(Handle handle, UserId user) {
    if (CircleRows.countCircles(handle, user) >= MAX_PER_USER) {
      throw tooManyCircles();
    }
  }

  private static Problem tooManyCircles() {
    return Problem.conflict("You are in " + MAX_PER_USER + " circles; leave one first");
  }

  private static void requireOwner(Circle circle, String rule) {
    if (circle.role() != Role.OWNER) {
      throw Problem.forbidden(rule);
    }
  }
}
