package kith.turn.net.command;

import static kith.turn.net.command.Values.yes;

import java.util.List;

/** Which peers may be reached, and by what methods. */
final class RelayOptions {
  static final List<Option> ALL =
      List.of(
          new Option(
              "--allow",
              "RANGE",
              "peers that may be reached although they would be denied, once for each",
              (draft, text) -> draft.change(options -> options.allowing(text))),
          new Option(
              "--deny",
              "RANGE",
              "peers that may not be reached, once for each",
              (draft, text) -> draft.change(options -> options.denying(text))),
          new Option(
              "--tcp-relays",
              "yes|no",
              "whether TCP is relayed (RFC 6062); it is unless this is no",
              (draft, text) -> draft.change(options -> options.withTcpRelays(yes(text)))),
          new Option(
              "--no-mobility",
              "",
              "no moving of allocations to another address of their client (RFC 8016)",
              (draft, text) -> draft.change(options -> options.withMobility(false))));

  private RelayOptions() {}
}
