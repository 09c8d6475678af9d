package kith.circle;

import kith.auth.UserId;

/** Hears of everyone who left a circle, or was removed, once it has happened. */
@FunctionalInterface
public interface Departures {
  void left(UserId user, CircleId circle);
}
