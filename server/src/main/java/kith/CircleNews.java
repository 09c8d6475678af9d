package kith;

import java.util.Set;
import kith.auth.UserId;
import kith.call.running.Calls;
import kith.circle.CircleId;
import kith.circle.Membership;
import kith.signaling.Signaling;

/** Tells calls and presence who came to a circle and who left it. */
record CircleNews(Calls calls, Signaling signaling) implements Membership {
  @Override
  public void joined(UserId user, CircleId circle) {
    signaling.joinedCircle(user);
  }

  @Override
  public void left(UserId user, CircleId circle, Set<UserId> others) {
    calls.leftCircle(user, circle);
    signaling.leftCircle(user, others);
  }
}
