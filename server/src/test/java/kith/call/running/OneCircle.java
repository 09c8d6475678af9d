package kith.call.running;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import kith.auth.User;
import kith.auth.UserId;
import kith.circle.CircleId;
import kith.privacy.RelayPolicy;

/** A circle that everyone shares, until they leave it. */
public final class OneCircle implements Directory {
  public static final CircleId FAMILY =
      new CircleId(UUID.fromString("f0000000-0000-4000-8000-000000000000"));

  private final Set<UserId> users = new HashSet<>();
  private final Set<UserId> members = new HashSet<>();
  private final Map<UserId, RelayPolicy> wishes = new HashMap<>();

  /** As while the database is away: nobody can be told who shares it. */
  public boolean isOutOfReach;

  /** Happens once, as soon as it was found that nobody shares it with someone who left. */
  public Runnable afterNobodyWasFound = () -> {};

  public void join(UserId user) {
    users.add(user);
    members.add(user);
  }

  public void wishes(UserId user, RelayPolicy relay) {
    wishes.put(user, relay);
  }

  public void leave(UserId user) {
    members.remove(user);
  }

  @Override
  public Optional<CircleId> sharedCircle(UserId one, UserId other, Optional<CircleId> wanted) {
    return members.contains(one) && members.contains(other)
        ? Optional.of(FAMILY).filter(it -> wanted.isEmpty() || wanted.get().equals(it))
        : Optional.empty();
  }

  @Override
  public Set<UserId> acquaintances(UserId user) {
    if (isOutOfReach) {
      throw new IllegalStateException("the database is away");
    }
    if (members.contains(user)) {
      return members.stream().filter(other -> !other.equals(user)).collect(Collectors.toSet());
    }
    Runnable next = afterNobodyWasFound;
    afterNobodyWasFound = () -> {};
    next.run();
    return Set.of();
  }

  @Override
  public Optional<User> user(UserId id) {
    return users.contains(id)
        ? Optional.of(
            new User(id, id.value(), "Name of " + id, wishes.getOrDefault(id, RelayPolicy.DIRECT)))
        : Optional.empty();
  }
}
