package kith.turn.net;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import kith.turn.Counters;
import kith.turn.Counters.Count;
import kith.turn.Counters.Traffic;
import kith.turn.Transport;
import kith.turn.stun.ErrorCode;

/**
 * A reading of the server's counters, summed over its loops.
 *
 * @param allocations allocations now
 * @param allocationsTotal allocations ever made
 * @param allocationsExpired those of them whose client did not refresh them in time
 * @param connections TCP and TLS connections now
 * @param packetsFromClients packets relayed from clients to peers, and the bytes in them without
 *     TURN's own headers
 * @param packetsToClients the other way
 * @param refusals error replies, by reason, for those reasons that occurred
 * @param drops packets dropped, by reason, for those reasons that occurred
 * @param allocationsByTransport allocations made, by what lies between client and server
 * @param peerConnections TCP connections with peers now (RFC 6062)
 * @param relayedByTransport the packets and bytes, by what lies between client and server
 * @param refusalsByTransport the refusals, by what lies between client and server
 */
public record TurnStats(
    long allocations,
    long allocationsTotal,
    long allocationsExpired,
    long connections,
    long bindings,
    long packetsFromClients,
    long bytesFromClients,
    long packetsToClients,
    long bytesToClients,
    long sendErrors,
    Map<String, Long> refusals,
    Map<String, Long> drops,
    Map<Transport, Long> allocationsByTransport,
    long peerConnections,
    Map<Transport, Relayed> relayedByTransport,
    Map<Transport, Map<String, Long>> refusalsByTransport) {

  /**
   * What was relayed for clients of one transport. Streams between clients and peers (RFC 6062)
   * have bytes, but no packets.
   */
  public record Relayed(
      long packetsFromClients, long bytesFromClients, long packetsToClients, long bytesToClients) {

    private static Relayed of(List<Counters> loops, Transport transport) {
      Function<Traffic, Long> sum =
          traffic -> loops.stream().mapToLong(loop -> loop.get(traffic, transport)).sum();
      return new Relayed(
          sum.apply(Traffic.PACKETS_FROM_CLIENTS),
          sum.apply(Traffic.BYTES_FROM_CLIENTS),
          sum.apply(Traffic.PACKETS_TO_CLIENTS),
          sum.apply(Traffic.BYTES_TO_CLIENTS));
    }

    private static Map<Transport, Relayed> of(List<Counters> loops) {
      Map<Transport, Relayed> all = new EnumMap<>(Transport.class);
      for (Transport transport : Transport.values()) {
        all.put(transport, of(loops, transport));
      }
      return all;
    }
  }

  /** Every key that {@link #refusals} may have: one for each error that a reply may tell. */
  public static List<String> refusalReasons() {
    return Stream.of(ErrorCode.values()).map(TurnStats::reason).toList();
  }

  /** Every key that {@link #drops} may have. */
  public static List<String> dropReasons() {
    return Stream.of(Count.values())
        .filter(count -> count.name().startsWith(DROPPED))
        .map(TurnStats::reason)
        .toList();
  }

  private static String reason(Count drop) {
    return drop.name().substring(DROPPED.length()).toLowerCase(Locale.ROOT);
  }

  private static String reason(ErrorCode error) {
    return switch (error) {
      case ALLOCATION_QUOTA_REACHED -> "quota";
      case INSUFFICIENT_CAPACITY -> "capacity";
      case BAD_REQUEST,
          UNAUTHENTICATED,
          FORBIDDEN,
          MOBILITY_FORBIDDEN,
          UNKNOWN_ATTRIBUTE,
          ALLOCATION_MISMATCH,
          STALE_NONCE,
          ADDRESS_FAMILY_NOT_SUPPORTED,
          WRONG_CREDENTIALS,
          UNSUPPORTED_TRANSPORT,
          PEER_ADDRESS_FAMILY_MISMATCH,
          CONNECTION_ALREADY_EXISTS,
          CONNECTION_TIMEOUT_OR_FAILURE,
          SERVER_ERROR ->
          error.name().toLowerCase(Locale.ROOT);
    };
  }

  private static final String DROPPED = "DROPPED_";

  static TurnStats of(List<Counters> loops, long connections) {
    Function<Count, Long> sum = count -> loops.stream().mapToLong(loop -> loop.get(count)).sum();
    Map<Transport, Relayed> relayed = Relayed.of(loops);
    Map<Transport, Map<String, Long>> refusals = refusals(loops);
    ToLongFunction<ToLongFunction<Relayed>> all =
        read -> relayed.values().stream().mapToLong(read).sum();
    return new TurnStats(
        sum.apply(Count.ALLOCATIONS_NOW),
        sum.apply(Count.ALLOCATIONS_MADE),
        sum.apply(Count.ALLOCATIONS_EXPIRED),
        connections,
        sum.apply(Count.BINDING_REQUESTS),
        all.applyAsLong(Relayed::packetsFromClients),
        all.applyAsLong(Relayed::bytesFromClients),
        all.applyAsLong(Relayed::packetsToClients),
        all.applyAsLong(Relayed::bytesToClients),
        sum.apply(Count.SEND_ERRORS),
        total(refusals),
        drops(sum),
        Map.of(
            Transport.UDP, sum.apply(Count.ALLOCATIONS_OVER_UDP),
            Transport.TCP, sum.apply(Count.ALLOCATIONS_OVER_TCP),
            Transport.TLS, sum.apply(Count.ALLOCATIONS_OVER_TLS)),
        sum.apply(Count.PEER_CONNECTIONS_NOW),
        relayed,
        refusals);
  }

  private static Map<Transport, Map<String, Long>> refusals(List<Counters> loops) {
    Map<Transport, Map<String, Long>> found = new EnumMap<>(Transport.class);
    for (Transport transport : Transport.values()) {
      Map<String, Long> ofTransport = new TreeMap<>();
      for (ErrorCode error : ErrorCode.values()) {
        long count = loops.stream().mapToLong(loop -> loop.refusals(error, transport)).sum();
        if (count > 0) {
          ofTransport.put(reason(error), count);
        }
      }
      found.put(transport, ofTransport);
    }
    return found;
  }

  private static Map<String, Long> total(Map<Transport, Map<String, Long>> refusals) {
    Map<String, Long> found = new TreeMap<>();
    refusals
        .values()
        .forEach(counts -> counts.forEach((reason, n) -> found.merge(reason, n, Long::sum)));
    return found;
  }

  private static Map<String, Long> drops(Function<Count, Long> sum) {
    Map<String, Long> found = new TreeMap<>();
    for (Count count : Count.values()) {
      if (count.name().startsWith(DROPPED) && sum.apply(count) > 0) {
        found.put(reason(count), sum.apply(count));
      }
    }
    return found;
  }
}
