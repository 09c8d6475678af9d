package kith.auth;

import java.util.Optional;
import java.util.Set;

/** Hears whose sign-ins are over, once they are. */
public interface SignOuts {
  /**
   * All of someone's.
   *
   * @param but the one that goes on, if one does
   */
  void signedOut(UserId user, Optional<SessionId> but);

  /** These of someone's, and no other. */
  void ended(UserId user, Set<SessionId> sessions);
}
