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
 * @param relayedByTransport the packets and bytes, by what lies between client and server
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
    long peerConnections,
    Map<Transport, Relayed> relayedByTransport) {

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
    Map<Transport, Relayed> relayed = Relayed.of(loops);
    ToLongFunction<ToLongFunction<Relayed>> all =
        read -> relayed.values().stream().mapToLong(read).sum();
    return new TurnStats(
        sum.apply(Count.ALLOCATIONS_NOW),
        sum.apply(Count.ALLOCATIONS_MADE),
        connections,
        sum.apply(Count.BINDING_REQUESTS),
        all.applyAsLong(Relayed::packetsFromClients),
        all.applyAsLong(Relayed::bytesFromClients),
        all.applyAsLong(Relayed::packetsToClients),
        all.applyAsLong(Relayed::bytesToClients),
        sum.apply(Count.SEND_ERRORS),
        byReason(REFUSED, sum),
        byReason(DROPPED, sum),
        Map.of(
            Transport.UDP, sum.apply(Count.ALLOCATIONS_OVER_UDP),
            Transport.TCP, sum.apply(Count.ALLOCATIONS_OVER_TCP),
            Transport.TLS, sum.apply(Count.ALLOCATIONS_OVER_TLS)),
        sum.apply(Count.PEER_CONNECTIONS_NOW),
        relayed);
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
