package kith.turn.net;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import kith.turn.Counters;
import kith.turn.Counters.Count;
import kith.turn.Transport;

/**
 * A reading of the server's counters, summed over its loops.
 *
 * @param allocations allocations now
 * @param allocationsTotal allocations ever made
 * @param connections TCP and TLS connections now
 * @param packetsFromClients packets relayed from clients to peers, and the bytes in them without
 *     TURN's own headers
 * @param packetsToClients the other way
 * @param refusals error replies, by reason, for those reasons that occurred
 * @param drops packets dropped, by reason, for those reasons that occurred
 * @param allocationsByTransport allocations made, by what lies between client and server
 * @param peerConnections TCP connections with peers now (RFC 6062)
 */
public record TurnStats(
    long allocations,
    long allocationsTotal,
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
    long peerConnections) {

  /** Every key that {@link #refusals} may have. */
  public static List<String> refusalReasons() {
    return reasons(REFUSED);
  }

  /** Every key that {@link #drops} may have. */
  public static List<String> dropReasons() {
    return reasons(DROPPED);
  }

  private static List<String> reasons(String prefix) {
    return Stream.of(Count.values())
        .filter(count -> count.name().startsWith(prefix))
        .map(count -> reason(prefix, count))
        .toList();
  }

  private static String reason(String prefix, Count count) {
    return count.name().substring(prefix.length()).toLowerCase(Locale.ROOT);
  }

  private static final String REFUSED = "REFUSED_";
  private static final String DROPPED = "DROPPED_";

  static TurnStats of(List<Counters> loops, long connections) {
    Function<Count, Long> sum = count -> loops.stream().mapToLong(loop -> loop.get(count)).sum();
    return new TurnStats(
        sum.apply(Count.ALLOCATIONS_NOW),
        sum.apply(Count.ALLOCATIONS_MADE),
        connections,
        sum.apply(Count.BINDING_REQUESTS),
        sum.apply(Count.PACKETS_FROM_CLIENTS),
        sum.apply(Count.BYTES_FROM_CLIENTS),
        sum.apply(Count.PACKETS_TO_CLIENTS),
        sum.apply(Count.BYTES_TO_CLIENTS),
        sum.apply(Count.SEND_ERRORS),
        byReason(REFUSED, sum),
        byReason(DROPPED, sum),
        Map.of(
            Transport.UDP, sum.apply(Count.ALLOCATIONS_OVER_UDP),
            Transport.TCP, sum.apply(Count.ALLOCATIONS_OVER_TCP),
            Transport.TLS, sum.apply(Count.ALLOCATIONS_OVER_TLS)),
        sum.apply(Count.PEER_CONNECTIONS_NOW));
  }

  private static Map<String, Long> byReason(String prefix, Function<Count, Long> sum) {
    Map<String, Long> found = new TreeMap<>();
    for (Count count : Count.values()) {
      if (count.name().startsWith(prefix) && sum.apply(count) > 0) {
        found.put(reason(prefix, count), sum.apply(count));
      }
    }
    return found;
  }
}
