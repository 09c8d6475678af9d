package kith.circle;

import java.util.List;
import kith.auth.UserId;

/** People who may call each other, oldest member first. */
public record Circle(
    CircleId id, String name, UserId ownerId, Role role, int memberCount, List<Member> members) {

  /** A circle as it stands in a list. */
  public record Summary(CircleId id, String name, UserId ownerId, Role role, int memberCount) {}

  /**
   * Someone in a circle.
   *
   * @param status whether they can be called: online, in-call, offline
   */
  public record Member(
      UserId userId, String username, String displayName, Role role, String status) {}

  /** What someone may do in a circle. */
  public enum Role {
    /** Renames it and removes members. */
    OWNER,
    MEMBER;

    @Override
    public String toString() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }
}
