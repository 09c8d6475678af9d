package kith.auth;

import org.jdbi.v3.core.Handle;

/** Takes someone out of whatever they are in, in the transaction that deletes their account. */
@FunctionalInterface
public interface Farewell {
  /**
   * @return what is to be told once that is written
   */
  Runnable of(Handle handle, User user);
}
