package kith.auth;

import java.time.Instant;
import kith.web.Problem;
import org.jdbi.v3.core.Handle;

/** What an invite that comes with a registration does; circles know. */
@FunctionalInterface
public interface Invitations {
  /**
   * Uses an invite for a user who is being registered, in that same transaction.
   *
   * @throws Problem if there is no such invite, or no longer
   */
  void accept(Handle transaction, String code, UserId user, Instant now);
}
