package kith.turn.net.command;

import static kith.turn.net.command.Values.mbit;
import static kith.turn.net.command.Values.number;

import java.util.List;
import kith.turn.Lifetimes;
import kith.turn.Limits;
import kith.turn.net.TurnOptions;

/** How much is too much, and how long is too long. */
final class LimitOptions {
  private static final Limits LIMITS = Limits.standard();
  private static final Lifetimes LIFETIMES = Lifetimes.standard();

  static final List<Option> ALL =
      List.of(
          new Option(
              "--allocations",
              "COUNT",
              "in all (" + LIMITS.allocations() + ")",
              (draft, text) ->
                  draft.limits =
                      draft.limits.withAllocations(
                          number(text), draft.limits.allocationsPerUser())),
          new Option(
              "--allocations-per-user",
              "COUNT",
              "(" + LIMITS.allocationsPerUser() + ")",
              (draft, text) ->
                  draft.limits =
                      draft.limits.withAllocations(draft.limits.allocations(), number(text))),
          new Option(
              "--permissions",
              "COUNT",
              "of one allocation (" + LIMITS.permissions() + ")",
              (draft, text) ->
                  draft.limits = draft.limits.withPeers(number(text), draft.limits.channels())),
          new Option(
              "--channels",
              "COUNT",
              "of one allocation (" + LIMITS.channels() + ")",
              (draft, text) ->
                  draft.limits = draft.limits.withPeers(draft.limits.permissions(), number(text))),
          new Option(
              "--mbit-per-allocation",
              "MBIT",
              "relayed per second, both directions together; 0 is no limit (0)",
              (draft, text) ->
                  draft.limits =
                      draft.limits.withBandwidth(mbit(text), draft.limits.bytesPerSecondInAll())),
          new Option(
              "--mbit-in-all",
              "MBIT",
              "relayed per second by the whole server; 0 is no limit (0)",
              (draft, text) ->
                  draft.limits =
                      draft.limits.withBandwidth(draft.limits.bytesPerSecond(), mbit(text))),
          new Option(
              "--lifetime",
              "SECONDS",
              "of allocations that ask for less or nothing ("
                  + seconds(LIFETIMES.allocation())
                  + ")",
              (draft, text) -> draft.lifetime = number(text)),
          new Option(
              "--longest-lifetime",
              "SECONDS",
              "that an allocation may ask for (" + seconds(LIFETIMES.allocationMost()) + ")",
              (draft, text) -> draft.longestLifetime = number(text)),
          new Option(
              "--connections",
              "COUNT",
              "TCP and TLS connections of clients, in all (" + TurnOptions.CONNECTIONS + ")",
              (draft, text) -> draft.connections = number(text)),
          new Option(
              "--connections-per-address",
              "COUNT",
              "one IPv4 address or one IPv6 /64 (" + TurnOptions.CONNECTIONS_PER_ADDRESS + ")",
              (draft, text) -> draft.connectionsPerAddress = number(text)),
          new Option(
              "--peer-connections",
              "COUNT",
              "TCP connections of an allocation with peers (" + LIMITS.peerConnections() + ")",
              (draft, text) ->
                  draft.limits =
                      draft.limits.withPeerConnections(
                          number(text), draft.limits.peerConnectionsInAll())),
          new Option(
              "--peer-connections-in-all",
              "COUNT",
              "(" + LIMITS.peerConnectionsInAll() + ")",
              (draft, text) ->
                  draft.limits =
                      draft.limits.withPeerConnections(
                          draft.limits.peerConnections(), number(text))),
          new Option(
              "--refusals",
              "COUNT",
              "error replies a second to one address that proved nothing ("
                  + LIMITS.refusalsPerSecond()
                  + ")",
              (draft, text) -> draft.limits = draft.limits.withRefusals(number(text))),
          new Option(
              "--bindings",
              "COUNT",
              "Binding replies a second to one address (" + LIMITS.bindingsPerSecond() + ")",
              (draft, text) -> draft.limits = draft.limits.withBindings(number(text))));

  private LimitOptions() {}

  private static long seconds(long millis) {
    return millis / 1000;
  }
}
