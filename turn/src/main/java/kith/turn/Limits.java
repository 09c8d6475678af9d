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
 * @param peerConnections TCP connections of one allocation with its peers (RFC 6062)
 * @param peerConnectionsInAll the same for the whole server
 */
public record Limits(
    int allocations,
    int allocationsPerUser,
    int permissions,
    int channels,
    long bytesPerSecond,
    long bytesPerSecondInAll,
    int refusalsPerSecond,
    int peerConnections,
    int peerConnectionsInAll) {

  public static Limits standard() {
    return new Limits(10_000, 64, 64, 64, 0, 0, 1_000);
  }

  /** With the usual limits on TCP connections with peers. */
  public Limits(
      int allocations,
      int allocationsPerUser,
      int permissions,
      int channels,
      long bytesPerSecond,
      long bytesPerSecondInAll,
      int refusalsPerSecond) {
    this(
        allocations,
        allocationsPerUser,
        permissions,
        channels,
        bytesPerSecond,
        bytesPerSecondInAll,
        refusalsPerSecond,
        16,
        1_000);
  }

  /** These limits with others on TCP connections with peers (RFC 6062). */
  public Limits withPeerConnections(int ofOneAllocation, int inAll) {
    return new Limits(
        allocations,
        allocationsPerUser,
        permissions,
        channels,
        bytesPerSecond,
        bytesPerSecondInAll,
        refusalsPerSecond,
        ofOneAllocation,
        inAll);
  }

  public Limits {
    if (allocations < 1
        || allocationsPerUser < 1
        || permissions < 1
        || channels < 1
        || refusalsPerSecond < 1
        || peerConnections < 1
        || peerConnectionsInAll < 1) {
      throw new IllegalArgumentException("a limit must be 1 at least");
    }
    if (bytesPerSecond < 0 || bytesPerSecondInAll < 0) {
      throw new IllegalArgumentException("bandwidth must be 0 (no limit) or more");
    }
  }
}
