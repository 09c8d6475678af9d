package kith.auth;

import java.util.Optional;

/** Hears whose sign-ins are over, once they are. */
@FunctionalInterface
public interface SignOuts {
  /**
   * @param but the one that goes on, if one does
   */
  void signedOut(UserId user, Optional<SessionId> but);
}
