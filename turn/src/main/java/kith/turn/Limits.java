package kith.turn;

import java.util.function.Consumer;

/**
 * What is too much. A limit of 0 on bytes means none.
 *
 * @param allocations allocations in all, and the ports reserved beside them
 * @param allocationsPerUser allocations and reserved ports of one user
 * @param permissions permissions of one allocation
 * @param channels channels of one allocation
 * @param bytesPerSecond bytes relayed per second for one allocation, both directions together, and
 *     28 for the headers of each packet
 * @param bytesPerSecondInAll the same for the whole server
 * @param refusalsPerSecond unauthenticated error replies per second to one IPv4 address or one /64
 *     of IPv6: what a spoofer can make this server send. A client gets one for each allocation. Who
 *     shows a nonce of its address is counted apart, and has as many as Binding replies.
 * @param peerConnections TCP connections of one allocation with its peers (RFC 6062)
 * @param peerConnectionsInAll the same for the whole server
 * @param bindingsPerSecond Binding replies per second, as the refusals. Many clients may be behind
 *     one address, and keep their mappings there alive: 10,000 of them that ask each ten seconds
 *     are within the standard, and a victim is sent no more than 60 kB/s.
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
    int peerConnectionsInAll,
    int bindingsPerSecond) {

  public static Limits standard() {
    return new Limits(10_000, 64, 64, 64, 0, 0, 100);
  }

  /** With the usual limits on TCP connections with peers and on Binding replies. */
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
        1_000,
        1_000);
  }

  /** These limits with others on allocations. */
  public Limits withAllocations(int inAll, int ofOneUser) {
    return with(
        change -> {
          change.allocations = inAll;
          change.allocationsPerUser = ofOneUser;
        });
  }

  /** These limits with others on the permissions and channels of one allocation. */
  public Limits withPeers(int permissionsOfOne, int channelsOfOne) {
    return with(
        change -> {
          change.permissions = permissionsOfOne;
          change.channels = channelsOfOne;
        });
  }

  /** These limits with others on bytes per second; 0 for none. */
  public Limits withBandwidth(long ofOneAllocation, long inAll) {
    return with(
        change -> {
          change.bytesPerSecond = ofOneAllocation;
          change.bytesPerSecondInAll = inAll;
        });
  }

  /** These limits with others on TCP connections with peers (RFC 6062). */
  public Limits withPeerConnections(int ofOneAllocation, int inAll) {
    return with(
        change -> {
          change.peerConnections = ofOneAllocation;
          change.peerConnectionsInAll = inAll;
        });
  }

  /** These limits with another on unauthenticated error replies. */
  public Limits withRefusals(int perSecond) {
    return with(change -> change.refusalsPerSecond = perSecond);
  }

  /** These limits with another on Binding replies. */
  public Limits withBindings(int perSecond) {
    return with(change -> change.bindingsPerSecond = perSecond);
  }

  private Limits with(Consumer<Change> changes) {
    Change change = new Change(this);
    changes.accept(change);
    return change.done();
  }

  /** The limits as they are being changed. */
  private static final class Change {
    private int allocations;
    private int allocationsPerUser;
    private int permissions;
    private int channels;
    private long bytesPerSecond;
    private long bytesPerSecondInAll;
    private int refusalsPerSecond;
    private int peerConnections;
    private int peerConnectionsInAll;
    private int bindingsPerSecond;

    Change(Limits before) {
      this.allocations = before.allocations;
      this.allocationsPerUser = before.allocationsPerUser;
      this.permissions = before.permissions;
      this.channels = before.channels;
      this.bytesPerSecond = before.bytesPerSecond;
      this.bytesPerSecondInAll = before.bytesPerSecondInAll;
      this.refusalsPerSecond = before.refusalsPerSecond;
      this.peerConnections = before.peerConnections;
      this.peerConnectionsInAll = before.peerConnectionsInAll;
      this.bindingsPerSecond = before.bindingsPerSecond;
    }

    Limits done() {
      return new Limits(
          allocations,
          allocationsPerUser,
          permissions,
          channels,
          bytesPerSecond,
          bytesPerSecondInAll,
          refusalsPerSecond,
          peerConnections,
          peerConnectionsInAll,
          bindingsPerSecond);
    }
  }

  public Limits {
    if (allocations < 1
        || allocationsPerUser < 1
        || permissions < 1
        || channels < 1
        || refusalsPerSecond < 1
        || peerConnections < 1
        || peerConnectionsInAll < 1
        || bindingsPerSecond < 1) {
      throw new IllegalArgumentException("a limit must be 1 at least");
    }
    if (bytesPerSecond < 0 || bytesPerSecondInAll < 0) {
      throw new IllegalArgumentException("bandwidth must be 0 (no limit) or more");
    }
  }
}
