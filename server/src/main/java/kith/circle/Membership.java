package kith.circle;

import java.util.Set;
import kith.auth.UserId;

/** Hears who came to a circle and who left it, or was removed, once it has happened. */
public interface Membership {
  void joined(UserId user, CircleId circle);

  /**
   * @param others who else was in it
   */
  void left(UserId user, CircleId circle, Set<UserId> others);
}
