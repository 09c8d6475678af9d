package kith.turn;

/**
 * What is too much. A limit of 0 on bytes means none.
 *
 * @param allocations allocations in all, and the ports reserved beside them
 * @param allocationsPerUser allocations and reserved ports of one user
 * @param permissions permissions of one allocation
 * @param channels channels of one allocation
 * @param bytesPerSecond bytes relayed per second for one allocation, both directions together
 * @param bytesPerSecondInAll the same for the whole server
 * @param refusalsPerSecond unauthenticated error replies per second to one address: what a spoofer
 *     can make this server send
 */
public record Limits(
    int allocations,
    int allocationsPerUser,
    int permissions,
    int channels,
    long bytesPerSecond,
    long bytesPerSecondInAll,
    int refusalsPerSecond) {

  public static Limits standard() {
    return new Limits(10_000, 64, 64, 64, 0, 0, 1_000);
  }

  public Limits {
    if (allocations < 1
        || allocationsPerUser < 1
        || permissions < 1
        || channels < 1
        || refusalsPerSecond < 1) {
      throw new IllegalArgumentException("a limit must be 1 at least");
    }
    if (bytesPerSecond < 0 || bytesPerSecondInAll < 0) {
      throw new IllegalArgumentException("bandwidth must be 0 (no limit) or more");
    }
  }
}
