package kith.turn.net.command;

import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;
import kith.turn.Transport;
import kith.turn.net.TurnStats;
import kith.turn.net.TurnStats.Relayed;

/**
 * The server's counters as Prometheus reads them (text format 0.0.4), named as Kith names its own.
 */
final class PrometheusText {
  private static final String PREFIX = "kith_turn_";

  private final TurnStats stats;
  private final StringBuilder text = new StringBuilder();

  private PrometheusText(TurnStats stats) {
    this.stats = stats;
  }

  static String of(TurnStats stats, boolean draining) {
    PrometheusText page = new PrometheusText(stats);
    page.one("allocations", "gauge", "Allocations now", stats.allocations());
    page.one("connections", "gauge", "TCP and TLS connections of clients now", stats.connections());
    page.one(
        "peer_connections", "gauge", "TCP connections with peers now", stats.peerConnections());
    page.one("draining", "gauge", "Whether no new allocations are made", draining ? 1 : 0);
    page.one(
        "allocations_made_total", "counter", "Allocations ever made", stats.allocationsTotal());
    page.one(
        "allocations_expired_total",
        "counter",
        "Allocations that were not refreshed in time",
        stats.allocationsExpired());
    page.one("bindings_total", "counter", "STUN Binding requests", stats.bindings());
    page.one("send_errors_total", "counter", "Packets that could not be sent", stats.sendErrors());
    page.allocationsByTransport();
    page.relayed("packets_from_clients_total", Relayed::packetsFromClients);
    page.relayed("bytes_from_clients_total", Relayed::bytesFromClients);
    page.relayed("packets_to_clients_total", Relayed::packetsToClients);
    page.relayed("bytes_to_clients_total", Relayed::bytesToClients);
    page.refusals();
    page.drops();
    return page.text.toString();
  }

  private void one(String name, String type, String help, long value) {
    head(name, type, help);
    sample(name, "", value);
  }

  private void head(String name, String type, String help) {
    text.append("# HELP ").append(PREFIX).append(name).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(PREFIX).append(name).append(' ').append(type).append('\n');
  }

  private void sample(String name, String labels, long value) {
    text.append(PREFIX).append(name).append(labels).append(' ').append(value).append('\n');
  }

  private static String label(Transport transport) {
    return "transport=\"" + transport.name().toLowerCase(Locale.ROOT) + "\"";
  }

  private void allocationsByTransport() {
    head("allocations_by_transport_total", "counter", "Allocations ever made");
    for (Transport transport : Transport.values()) {
      sample(
          "allocations_by_transport_total",
          "{" + label(transport) + "}",
          stats.allocationsByTransport().getOrDefault(transport, 0L));
    }
  }

  private void relayed(String name, ToLongFunction<Relayed> read) {
    head(name, "counter", "Relayed, without TURN's own headers");
    stats
        .relayedByTransport()
        .forEach(
            (transport, relayed) ->
                sample(name, "{" + label(transport) + "}", read.applyAsLong(relayed)));
  }

  private void refusals() {
    head("refusals_total", "counter", "Error replies");
    for (Transport transport : Transport.values()) {
      Map<String, Long> counts = stats.refusalsByTransport().getOrDefault(transport, Map.of());
      for (String reason : TurnStats.refusalReasons()) {
        String labels = "{reason=\"" + reason + "\"," + label(transport) + "}";
        sample("refusals_total", labels, counts.getOrDefault(reason, 0L));
      }
    }
  }

  private void drops() {
    head("drops_total", "counter", "Packets dropped");
    for (String reason : TurnStats.dropReasons()) {
      sample("drops_total", "{reason=\"" + reason + "\"}", stats.drops().getOrDefault(reason, 0L));
    }
  }
}
