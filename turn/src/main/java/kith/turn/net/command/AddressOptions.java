package kith.turn.net.command;

import static kith.turn.net.command.Values.address;
import static kith.turn.net.command.Values.number;
import static kith.turn.net.command.Values.parts;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import kith.turn.IpRange;
import kith.turn.net.TlsOptions;

/** Where clients come, and where media is relayed from. */
final class AddressOptions {
  static final List<Option> ALL =
      List.of(
          new Option(
              "--port",
              "PORTS",
              "UDP and TCP (3478); several as 3478,443, the main one first, 8 at most",
              AddressOptions::ports),
          new Option(
              "--listen",
              "ADDRESS",
              "once for each; every address of this machine when not given",
              (draft, text) -> draft.listen.add(address(text))),
          new Option(
              "--tls",
              "PORT,CHAIN,KEY",
              "TURN over TLS with these PEM files, read again when they change",
              AddressOptions::tls),
          new Option(
              "--relay-ports",
              "FIRST-LAST",
              "of relayed addresses, UDP and TCP (49152-65535)",
              AddressOptions::relayPorts),
          new Option(
              "--external",
              "ADDRESS[/LOCAL]",
              "what clients are told, behind a 1:1 NAT; with LOCAL once for each --listen",
              AddressOptions::external),
          new Option(
              "--proxy-from",
              "RANGE",
              "a proxy before TCP and TLS that speaks the PROXY protocol, once for each",
              (draft, text) -> draft.proxies.add(IpRange.parse(text).text())),
          new Option(
              "--discovery-port",
              "PORT",
              "a second port, for NAT behaviour discovery (with two --listen)",
              (draft, text) -> draft.change(options -> options.withDiscoveryPort(number(text)))));

  private AddressOptions() {}

  private static void ports(Draft draft, String text) {
    int[] all = Arrays.stream(text.split(",", -1)).mapToInt(Values::number).toArray();
    int[] further = Arrays.copyOfRange(all, 1, all.length);
    draft.change(options -> options.withPort(all[0], further));
  }

  private static void tls(Draft draft, String text) {
    String[] parts = parts(text, ",", 3, "a port and two files: PORT,CHAIN,KEY");
    TlsOptions tls = new TlsOptions(number(parts[0]), Path.of(parts[1]), Path.of(parts[2]));
    draft.change(options -> options.withTls(tls));
  }

  private static void external(Draft draft, String text) {
    int slash = text.indexOf('/');
    InetAddress told = address(slash < 0 ? text : text.substring(0, slash));
    draft.change(
        options ->
            slash < 0
                ? options.withExternalAddress(told)
                : options.withExternalAddress(address(text.substring(slash + 1)), told));
  }

  private static void relayPorts(Draft draft, String text) {
    String[] ends = parts(text, "-", 2, "a range: FIRST-LAST");
    draft.change(options -> options.withRelayPorts(number(ends[0]), number(ends[1])));
  }
}
