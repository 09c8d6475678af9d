package kith.relay;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import kith.turn.Transport;
import kith.turn.net.TurnServer;
import kith.turn.net.TurnStats;
import kith.turn.net.TurnStats.Relayed;

/** The embedded relay's counters, as {@code /metrics} has them. */
record RelayMeters(TurnServer server, MeterRegistry registry) {
  void register() {
    gauge("allocations", TurnStats::allocations);
    gauge("connections", TurnStats::connections);
    counter("allocations.made", TurnStats::allocationsTotal);
    counter("allocations.expired", TurnStats::allocationsExpired);
    counter("bindings", TurnStats::bindings);
    counter("send.errors", TurnStats::sendErrors);
    for (String reason : TurnStats.dropReasons()) {
      counter("drops", stats -> stats.drops().getOrDefault(reason, 0L), "reason", reason);
    }
    for (Transport transport : Transport.values()) {
      register(transport);
    }
  }

  private void register(Transport transport) {
    String name = transport.name().toLowerCase(Locale.ROOT);
    counter(
        "allocations.by.transport",
        stats -> stats.allocationsByTransport().getOrDefault(transport, 0L),
        "transport",
        name);
    relayed("packets.from.clients", transport, Relayed::packetsFromClients);
    relayed("bytes.from.clients", transport, Relayed::bytesFromClients);
    relayed("packets.to.clients", transport, Relayed::packetsToClients);
    relayed("bytes.to.clients", transport, Relayed::bytesToClients);
    for (String reason : TurnStats.refusalReasons()) {
      counter(
          "refusals",
          stats ->
              stats
                  .refusalsByTransport()
                  .getOrDefault(transport, Map.of())
                  .getOrDefault(reason, 0L),
          "reason",
          reason,
          "transport",
          name);
    }
  }

  private void relayed(String what, Transport transport, ToDoubleFunction<Relayed> read) {
    counter(
        what,
        stats -> {
          Relayed relayed = stats.relayedByTransport().get(transport);
          return relayed == null ? 0 : read.applyAsDouble(relayed);
        },
        "transport",
        transport.name().toLowerCase(Locale.ROOT));
  }

  private void gauge(String name, ToDoubleFunction<TurnStats> read) {
    Gauge.builder("kith.turn." + name, server, turn -> read.applyAsDouble(turn.stats()))
        .register(registry);
  }

  private void counter(String name, ToDoubleFunction<TurnStats> read, String... tags) {
    FunctionCounter.builder("kith.turn." + name, server, turn -> read.applyAsDouble(turn.stats()))
        .tags(tags)
        .register(registry);
  }
}
