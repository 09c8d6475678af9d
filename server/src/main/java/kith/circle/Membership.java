package kith.circle;

import kith.auth.UserId;

/** Hears who came to a circle and who left it, or was removed, once it has happened. */
public interface Membership {
  void joined(UserId user, CircleId circle);

  void left(UserId user, CircleId circle);
}
