package kith.turn.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import kith.turn.Limits;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * coturn's own tools against this server: what they were written to test, it must pass. They sleep
 * most of the time, so they run beside each other; but beside the tests of no other class: a
 * process that begins has the sockets of this one open for a moment, and none that another test
 * closes then is free at once.
 */
class CoturnToolsTest {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
  private static final String SECRET = "a shared secret";
  private static final Pattern LOST = Pattern.compile("Total lost packets (\\d+)");
  private static final Pattern RECEIVED = Pattern.compile("tot_recv_bytes ~ (\\d+)");

  @TempDir private static Path directory;
  private static TestCertificate certificate;
  private static TurnServer server;
  private static Process peer;
  private static int peerPort;

  @BeforeAll
  static void start() throws Exception {
    find("turnutils_uclient");
    certificate = TestCertificate.make(directory, "coturn");
    server =
        TurnServer.start(
            TurnOptions.defaults()
                .withPort(0)
                .withListen(addresses())
                .withDiscoveryPort(0)
                .withTls(certificate.options())
                .withUsers(Map.of("alice", "secret"))
                .withSecrets(SECRET)
                .withLimits(Limits.standard().withAllocations(10_000, 1_000))
                .allowing("127.0.0.0/8", "::1"));
    peerPort = freePorts();
    peer = tool("turnutils_peer", "-L", "127.0.0.1", "-p", String.valueOf(peerPort));
    awaitPeer();
  }

  private static InetAddress[] addresses() {
    return Stream.concat(
            Stations.loopbacks().stream(), Stream.of(InetAddress.ofLiteral("127.0.0.2")))
        .toArray(InetAddress[]::new);
  }

  /** Until it echoes: what is sent before would be lost. */
  private static void awaitPeer() throws IOException {
    try (DatagramSocket socket = new DatagramSocket(0, LOOPBACK)) {
      socket.setSoTimeout(100);
      InetSocketAddress echo = new InetSocketAddress(LOOPBACK, peerPort);
      for (int i = 0; i < 600; i++) {
        try {
          socket.send(new DatagramPacket(new byte[] {1}, 1, echo));
          socket.receive(new DatagramPacket(new byte[10], 10));
          return;
        } catch (IOException notYet) {
          // Nobody is there, or nobody answers.
        }
      }
    }
    fail("turnutils_peer does not answer");
  }

  @AfterAll
  static void stop() {
    if (peer != null) {
      peer.destroy();
    }
    if (server != null) {
      server.close();
    }
  }

  /** The first of two, one after the other: turnutils_peer echoes at both. */
  private static int freePorts() throws IOException {
    while (true) {
      try (DatagramSocket first = new DatagramSocket(0, LOOPBACK);
          DatagramSocket second = new DatagramSocket(first.getLocalPort() + 1, LOOPBACK)) {
        return second.getLocalPort() - 1;
      } catch (BindException | IllegalArgumentException taken) {
        // Others may be free.
      }
    }
  }

  private static String find(String tool) {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .map(directory -> Path.of(directory, tool))
        .filter(Files::isExecutable)
        .findFirst()
        .map(Path::toString)
        .orElseGet(() -> fail(tool + " is missing: install the Debian package coturn"));
  }

  private static Process tool(String name, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(find(name)));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(Files.createTempFile(directory, name, ".log").toFile())
        .start();
  }

  private static String output(String name, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(find(name)));
    command.addAll(List.of(arguments));
    Path log = Files.createTempFile(directory, name, ".log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    boolean ended = process.waitFor(60, TimeUnit.SECONDS);
    process.destroy();
    String said = Files.readString(log);
    assertTrue(ended, () -> name + " does not come to an end:\n" + said);
    return said;
  }

  /**
   * Runs the client with these flags besides the usual ones; nothing may be lost. It counts as lost
   * what comes later than it cares to wait, which on a busy machine happens.
   */
  private static void relays(int port, String flags, String... credentials) throws Exception {
    String said = uclient(port, flags, credentials);
    for (int more = 0; more < 2 && !last(LOST, said).equals("0"); more++) {
      said = uclient(port, flags, credentials);
    }
    assertEquals("0", last(LOST, said), said);
    assertTrue(Integer.parseInt(last(RECEIVED, said)) > 0, said);
  }

  /** What the client says in the end. */
  private static String uclient(int port, String flags, String... credentials) throws Exception {
    List<String> arguments =
        new ArrayList<>(List.of("-p", String.valueOf(port), "-n", "10", "-m", "2"));
    arguments.addAll(List.of("-e", "127.0.0.1", "-r", String.valueOf(peerPort)));
    arguments.addAll(List.of(credentials));
    arguments.addAll(List.of(flags.split(" ")));
    arguments.add("127.0.0.1");
    return output("turnutils_uclient", arguments.toArray(new String[0]));
  }

  private static String last(Pattern pattern, String text) {
    String found = "none";
    for (Matcher matcher = pattern.matcher(text); matcher.find(); ) {
      found = matcher.group(1);
    }
    return found;
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @ValueSource(
      strings = {
        "-y -v", // channels, two clients with each other, RTP and RTCP on an even port and the next
        "-v", // channels, with a peer
        "-s", // indications, with a peer
        "-y -s -c", // indications, each other, no RTCP
        "-y -D -l 171", // channel data padded though it is UDP, odd length
        "-y -g -G", // DONT-FRAGMENT, extra requests
        "-y -c -x", // an IPv6 relay
        "-y -X", // an IPv4 relay asked for by name
        "-y -Z", // both families at once
        "-y -N", // wrong requests in between
        "-y -M", // mobility
        "-y -s -M", // mobility, indications
        "-M", // mobility, with a peer
        "-t -y", // TCP
        "-t", // TCP, with a peer
        "-t -N -y", // TCP, wrong requests in between
        "-t -y -Z", // TCP, both families at once
        "-t -s -l 1203", // TCP, indications, odd length
        "-T", // a TCP relay to another, which is connected to
      })
  void uclientLosesNothing(String flags) throws Exception {
    boolean wantsIpv6 = flags.contains("-x") || flags.contains("-Z");
    assumeTrue(!wantsIpv6 || Stations.loopbacks().size() == 2, "this machine has no IPv6");
    relays(server.port(), flags, "-u", "alice", "-w", "secret");
  }

  /** Whatever is on its way to a client that leaves counts as lost. */
  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void clientsThatLeaveInTheMiddleHarmNobody() throws Exception {
    uclient(server.port(), "-y -B", "-u", "alice", "-w", "secret");
    UdpWire.client("alice", LOOPBACK, server.port()).binds().succeeds();
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @ValueSource(strings = {"-S -t", "-S -t -y", "-S -t -y -s -l 1203", "-S -t -N -y"})
  void uclientLosesNothingOverTls(String flags) throws Exception {
    relays(server.tlsPort().orElseThrow(), flags, "-u", "alice", "-w", "secret");
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void uclientFindsTheCertificateItTrusts() throws Exception {
    String flags = "-S -t -y -E " + certificate.chain();
    relays(server.tlsPort().orElseThrow(), flags, "-u", "alice", "-w", "secret");
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void uclientUsesTimeLimitedCredentials() throws Exception {
    relays(server.port(), "-y", "-u", "alice", "-W", SECRET);
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void stunclientLearnsItsAddress() throws Exception {
    String said = output("turnutils_stunclient", "-p", String.valueOf(server.port()), "127.0.0.1");
    assertTrue(said.contains("UDP reflexive addr: 127.0.0.1:"), said);
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void stunclientHearsFromTheOtherAddressAndPort() throws Exception {
    String port = String.valueOf(server.port());
    String said = output("turnutils_stunclient", "-f", "-p", port, "127.0.0.1");
    int other = server.discoveryPort().orElseThrow();
    assertTrue(said.contains("Response origin: : 127.0.0.2:" + other), said);
  }

  @Execution(ExecutionMode.CONCURRENT)
  @Test
  void natdiscoverySeesThatNoNatIsThere() throws Exception {
    String said =
        output(
            "turnutils_natdiscovery", "-m", "-f", "-p", String.valueOf(server.port()), "127.0.0.1");
    assertTrue(said.contains("NAT with Endpoint Independent Filtering!"), said);
  }
}
