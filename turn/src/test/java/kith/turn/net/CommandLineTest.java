package kith.turn.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import kith.turn.IpRange;
import kith.turn.Limits;
import kith.turn.net.command.CommandLine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the options of the standalone server mean. */
class CommandLineTest {
  @TempDir private Path directory;

  private static CommandLine parse(String... arguments) {
    return CommandLine.parse(List.of(arguments));
  }

  /** With someone who may use it. */
  private static TurnOptions options(String... arguments) {
    List<String> all = new ArrayList<>(List.of("--secret", "a secret"));
    all.addAll(List.of(arguments));
    return CommandLine.parse(all).options();
  }

  private String file(String content) throws IOException {
    return Files.writeString(Files.createTempFile(directory, "lines", ""), content).toString();
  }

  @Test
  void withoutOptionsTheDefaultsHold() {
    CommandLine line = parse("--secret", "a secret");
    assertEquals(3478, line.options().port());
    assertEquals(Limits.standard(), line.options().limits());
    assertEquals(TurnOptions.defaults().lifetimes(), line.options().lifetimes());
    assertEquals(10_000, line.options().connections());
    assertTrue(line.options().mobility());
    assertEquals(Duration.ZERO, line.drain());
    assertEquals(0, line.drainAllocations());
    assertEquals(OptionalInt.empty(), line.metricsPort());
    assertFalse(line.logsAllocations());
  }

  @Test
  void severalPortsMayBeGivenTheMainOneFirst() {
    TurnOptions options = options("--port", "3478,443");
    assertEquals(3478, options.port());
    assertEquals(List.of(443), options.furtherPorts());
    assertEquals(List.of(), options("--port", "443").furtherPorts());
    for (String wrong : List.of("", "3478,", "3478,https", "443,443", "1,2,3,4,5,6,7,8,9")) {
      assertThrows(IllegalArgumentException.class, () -> options("--port", wrong), wrong);
    }
  }

  @Test
  void proxiesAreNamedByTheirAddresses() {
    assertEquals(
        List.of(IpRange.parse("10.0.0.1"), IpRange.parse("fd00::/8")),
        options("--proxy-from", "10.0.0.1", "--proxy-from", "fd00::/8").proxies());
    assertEquals(List.of(), options().proxies());
  }

  @Test
  void everyLimitHasAnOption() {
    TurnOptions options =
        options(
            "--allocations", "100",
            "--allocations-per-user", "5",
            "--permissions", "11",
            "--channels", "12",
            "--mbit-per-allocation", "2.5",
            "--mbit-in-all", "800",
            "--lifetime", "300",
            "--longest-lifetime", "900",
            "--connections", "50",
            "--connections-per-address", "7",
            "--peer-connections", "3",
            "--peer-connections-in-all", "30",
            "--refusals", "20",
            "--bindings", "200");
    Limits standard = Limits.standard();
    assertEquals(
        standard
            .withAllocations(100, 5)
            .withPeers(11, 12)
            .withBandwidth(312_500, 100_000_000)
            .withPeerConnections(3, 30)
            .withRefusals(20)
            .withBindings(200),
        options.limits());
    assertEquals(300_000, options.lifetimes().allocation());
    assertEquals(900_000, options.lifetimes().allocationMost());
    assertEquals(50, options.connections());
    assertEquals(7, options.connectionsPerAddress());
  }

  @Test
  void secretsAndUsersComeFromFilesOneALine() throws IOException {
    String secrets = file("the new one\n\n  the old one \n");
    String users = file("alice:wonderland\nbob:with:colons\n");
    assertEquals(
        "Credentials[3 secrets, 2 users]",
        parse("--secret-file", secrets, "--secret", "another", "--user-file", users)
            .options()
            .credentials()
            .toString());
  }

  @Test
  void aServerThatNobodyCouldUseIsRefused() {
    IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> parse());
    assertTrue(refused.getMessage().contains("--secret-file"), refused.getMessage());
  }

  @Test
  void mobilityAndTcpRelaysAreTurnedOff() {
    assertFalse(options("--no-mobility").mobility());
    assertFalse(options("--tcp-relays", "no").tcpRelays());
    assertTrue(options("--tcp-relays", "yes").tcpRelays());
    assertThrows(IllegalArgumentException.class, () -> options("--tcp-relays", "off"));
  }

  @Test
  void anExternalAddressIsForAllOrForOne() {
    TurnOptions options =
        options("--external", "203.0.113.7", "--external", "203.0.113.1/10.1.0.5");
    assertEquals(Optional.of(InetAddress.ofLiteral("203.0.113.7")), options.externalAddress());
    assertEquals(
        Map.of(InetAddress.ofLiteral("10.1.0.5"), InetAddress.ofLiteral("203.0.113.1")),
        options.externalAddresses());
  }

  @Test
  void itSaysHowItIsWatchedAndStopped() {
    CommandLine line =
        parse(
            "--secret",
            "a secret",
            "--log-allocations",
            "--drain-seconds",
            "30",
            "--drain-allocations",
            "5",
            "--metrics-port",
            "9641");
    assertTrue(line.logsAllocations());
    assertEquals(Duration.ofSeconds(30), line.drain());
    assertEquals(5, line.drainAllocations());
    assertEquals(OptionalInt.of(9641), line.metricsPort());
  }

  @ParameterizedTest
  @CsvSource({
    "--port, 70000",
    "--port, http",
    "--listen, turn.example.org",
    "--relay-ports, 50000",
    "--relay-ports, 50000-49000",
    "--tls, 5349",
    "--external, me",
    "--external, 203.0.113.1/2001:db8::1",
    "--allow, everything",
    "--proxy-from, proxy.example.org",
    "--secret-file, /nowhere/secret",
    "--user, alice",
    "--allocations, 0",
    "--allocations-per-user, many",
    "--permissions, 0",
    "--channels, few",
    "--mbit-per-allocation, -1",
    "--mbit-in-all, 1e9",
    "--connections, x",
    "--engine, steam",
    "--drain-seconds, -5",
    "--drain-allocations, -1",
    "--metrics-port, 99999"
  })
  void whatMakesNoSenseIsToldWithTheOptionsName(String name, String value) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> options(name, value));
    assertTrue(refused.getMessage().startsWith(name + ": "), refused.getMessage());
  }

  @Test
  void whatGoesTogetherIsCheckedTogether() {
    assertThrows(
        IllegalArgumentException.class,
        () -> options("--lifetime", "600", "--longest-lifetime", "300"));
    assertThrows(IllegalArgumentException.class, () -> options("--connections", "0"));
  }

  @Test
  void anOptionThatIsUnknownOrLacksItsValueIsNamed() {
    assertEquals(
        "unknown option --prot",
        assertThrows(IllegalArgumentException.class, () -> options("--prot", "1")).getMessage());
    assertEquals(
        "--port: needs a value, PORTS",
        assertThrows(IllegalArgumentException.class, () -> options("--port")).getMessage());
  }

  @Test
  void whatIsWrongWithAPasswordIsNotQuoted() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> options("--user", "hunter2"))
            .getMessage();
    assertFalse(message.contains("hunter2"), message);
  }

  @Test
  void theHelpHasALineForEachOption() {
    List<String> lines = CommandLine.help().lines().toList();
    Stream.of("--port PORTS", "--secret-file FILE", "--no-mobility", "--mbit-in-all MBIT")
        .forEach(
            option ->
                assertEquals(
                    1,
                    lines.stream().filter(line -> line.startsWith("  " + option + " ")).count(),
                    option));
    assertTrue(lines.stream().allMatch(line -> line.length() <= 120), CommandLine.help());
  }
}
