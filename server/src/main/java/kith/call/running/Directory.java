package kith.call.running;

import java.util.Optional;
import java.util.Set;
import kith.auth.User;
import kith.auth.UserId;
import kith.circle.CircleId;

/**
 * Who may call whom: asked by calls and presence, answered by circles. Blocking; never called from
 * an event loop.
 */
public interface Directory {
  /**
   * The circle two users share: the wanted one if they both are in it, else, when none is wanted,
   * the oldest.
   */
  Optional<CircleId> sharedCircle(UserId one, UserId other, Optional<CircleId> wanted);

  /** Everyone who shares a circle with this user, without the user. */
  Set<UserId> acquaintances(UserId user);

  Optional<User> user(UserId id);
}
