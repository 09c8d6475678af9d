package kith.relay;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import kith.StartFailed;
import kith.settings.BadSettings;
import kith.settings.Settings;
import kith.testing.KithServer;
import kith.testing.Person;
import kith.testing.Reply;
import kith.testing.TurnClient;
import kith.tls.SelfSigned;
import kith.turn.Transport;
import kith.turn.TurnEvent;
import kith.turn.TurnEvent.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator's settings make of the relay. */
class EmbeddedRelayTest {
  private static final String OLD_SECRET = "an-old-secret-0123456789";
  private static final String NEW_SECRET = "a-new-secret-9876543210";

  private static final int PATIENCE = 30;

  private static Reply iceServers(KithServer kith) {
    return kith.person("alice").gets("/api/ice-servers").isOk();
  }

  private static EmbeddedRelay relay(String... settings) throws Exception {
    return new EmbeddedRelay(turn(settings), List.of(OLD_SECRET), Optional.empty());
  }

  private static Settings.Turn turn(String... settings) throws BadSettings {
    Map<String, String> environment =
        new HashMap<>(Map.of("KITH_TURN_HOST", "127.0.0.1", "KITH_TURN_PORT", "0"));
    for (int i = 0; i < settings.length; i += 2) {
      environment.put(settings[i], settings[i + 1]);
    }
    return Settings.read(environment).turn();
  }

  /** A probe waits a second for its answer, which on a busy machine may be too little. */
  private static boolean answers(InetSocketAddress relay) {
    return IntStream.range(0, PATIENCE).anyMatch(attempt -> StunProbe.answers(relay));
  }

  private static void isHealthy(EmbeddedRelay relay) {
    assertTrue(
        IntStream.range(0, PATIENCE).anyMatch(attempt -> relay.problem().isEmpty()),
        () -> relay.problem().toString());
  }

  @Test
  void whereHttpListensOnTheLoopbackOnlyTheRelayIsEverywhere() {
    Optional<InetAddress> lan = RelayAddress.ofThisMachine();
    assumeTrue(lan.isPresent(), "a network beside the loopback");
    try (KithServer kith = KithServer.start("KITH_HOST", "127.0.0.1", "KITH_TURN_HOST", "")) {
      int port = TurnClient.relay(iceServers(kith)).getPort();
      assertTrue(answers(new InetSocketAddress(lan.get(), port)));
      kith.stranger().health().isOk();
    }
  }

  @Test
  void itListensWhereItsOwnSettingSays() {
    Optional<InetAddress> lan = RelayAddress.ofThisMachine();
    assumeTrue(lan.isPresent(), "a network beside the loopback");
    try (KithServer kith = KithServer.start("KITH_HOST", "0.0.0.0")) {
      int port = TurnClient.relay(iceServers(kith)).getPort();
      assertFalse(StunProbe.answers(new InetSocketAddress(lan.get(), port)));
      kith.stranger().health().isOk();
    }
  }

  @Test
  void ofSeveralAddressesEachIsServed() throws Exception {
    assumeTrue(hasIpv6(), "IPv6 on the loopback");
    try (EmbeddedRelay relay = relay("KITH_TURN_HOST", "127.0.0.1, ::1")) {
      for (String address : List.of("127.0.0.1", "::1")) {
        InetAddress host = InetAddress.ofLiteral(address);
        assertTrue(answers(new InetSocketAddress(host, relay.port())), address);
      }
      isHealthy(relay);
    }
  }

  @Test
  void theHealthOfARelayOnAWildcardIsAskedOnTheLoopback() throws Exception {
    for (String wildcard : hasIpv6() ? List.of("0.0.0.0", "::") : List.of("0.0.0.0")) {
      try (EmbeddedRelay relay = relay("KITH_TURN_HOST", wildcard)) {
        isHealthy(relay);
      }
    }
  }

  private static boolean hasIpv6() {
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.ofLiteral("::1"))) {
      return socket.isBound();
    } catch (SocketException none) {
      return false;
    }
  }

  @Test
  void thePortOfHttpMayBeOneOfItsPorts() throws Exception {
    try (KithServer kith = onOnePort()) {
      int port = kith.port();
      kith.stranger().health().isOk();
      assertTrue(answers(new InetSocketAddress("127.0.0.1", port)));
      String told = iceServers(kith).list("iceServers").toString();
      assertTrue(told.contains("turn:127.0.0.1:" + port + "?transport=udp"), told);
      assertTrue(told.contains("turn:127.0.0.1:" + port + "?transport=tcp"), told);
      assertFalse(told.contains("stun:127.0.0.1:" + port), told);
    }
  }

  /** Where HTTP has no TLS beside it, nobody looks whether what comes is TURN. */
  @Test
  void whereThePortOfHttpAnswersNoTurnItIsOfferedForUdpAlone() throws Exception {
    try (KithServer kith = onOnePort("KITH_TLS", "off")) {
      int port = kith.port();
      String told = iceServers(kith).list("iceServers").toString();
      assertTrue(told.contains("turn:127.0.0.1:" + port + "?transport=udp"), told);
      assertFalse(told.contains("turn:127.0.0.1:" + port + "?transport=tcp"), told);
    }
  }

  /** A server whose port of HTTP is its relay's, too; another program may be there before it. */
  private static KithServer onOnePort(String... settings) throws IOException {
    for (int attempt = 1; ; attempt++) {
      String port = String.valueOf(freePort());
      List<String> all = new ArrayList<>(List.of(settings));
      all.addAll(List.of("KITH_PORT", port, "KITH_TURN_PORT", "0," + port));
      try {
        return KithServer.start(all.toArray(String[]::new));
      } catch (IllegalStateException taken) {
        if (attempt == PATIENCE || !isOfThePort(taken)) {
          throw taken;
        }
      }
    }
  }

  private static boolean isOfThePort(IllegalStateException failure) {
    return failure.getCause() instanceof StartFailed refused
        && refused.kind() == StartFailed.Cause.PORT_TAKEN;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }

  @Test
  void whatComesFromAProxyBeginsWithItsHeader() throws Exception {
    byte[] header = "PROXY TCP4 203.0.113.5 127.0.0.1 5000 3478\r\n".getBytes(US_ASCII);
    byte[] binding =
        ByteBuffer.allocate(20).putInt(0x0001_0000).putInt(0x2112_A442).putInt(1).array();
    try (EmbeddedRelay relay = relay("KITH_TURN_PROXIES", "127.0.0.1");
        Socket introduced = new Socket("127.0.0.1", relay.port());
        Socket anonymous = new Socket("127.0.0.1", relay.port())) {
      introduced.getOutputStream().write(header);
      introduced.getOutputStream().write(binding);
      byte[] answer = introduced.getInputStream().readNBytes(32);
      assertEquals(5_000, (ByteBuffer.wrap(answer).getShort(26) ^ 0x2112) & 0xFFFF);
      anonymous.getOutputStream().write(binding);
      assertEquals(-1, anonymous.getInputStream().read());
    }
  }

  @Test
  void clientsAreToldTheTlsPortThatWasFree(@TempDir Path directory) throws Exception {
    SelfSigned.PemFiles files = SelfSigned.in(directory, List.of(), Instant.now());
    EmbeddedRelay.Certificate certificate =
        new EmbeddedRelay.Certificate(files.certificate(), files.key());
    try (EmbeddedRelay relay =
        new EmbeddedRelay(
            turn("KITH_TURN_TLS_PORT", "0"), List.of(OLD_SECRET), Optional.of(certificate))) {
      String urls =
          relay
              .urls(
                  new RelayAddress(Optional.empty(), Optional.empty()),
                  RelayUrls.OnHttpPort.NOTHING)
              .forClientAt(Optional.empty())
              .toString();
      assertTrue(urls.matches(".*turns:[^:]+:[1-9]\\d+\\?.*"), urls);
    }
  }

  @Test
  void whileSecretsAreRotatedTheFirstSignsAndTheOthersAreGood() {
    try (KithServer kith = KithServer.start("KITH_TURN_SECRET", NEW_SECRET + "," + OLD_SECRET)) {
      Reply iceServers = iceServers(kith);
      try (TurnClient signedNow = TurnClient.of(iceServers);
          TurnClient signedBefore = TurnClient.signedBy(OLD_SECRET, iceServers);
          TurnClient stranger = TurnClient.signedBy("some-other-secret-012345", iceServers)) {
        signedNow.allocates();
        signedBefore.allocates();
        stranger.isRefusedAnAllocation(401);
        assertEquals(
            signedNow.password(),
            TurnClient.passwordOf(NEW_SECRET, signedNow.username()),
            "the first secret signs");
      }
    }
  }

  @Test
  void aUserHasSoManyAllocationsAsTheOperatorSays() {
    try (KithServer kith = KithServer.start("KITH_TURN_ALLOCATIONS_PER_USER", "1")) {
      Person alice = kith.person("alice");
      try (TurnClient first = TurnClient.of(alice);
          TurnClient second = TurnClient.of(alice);
          TurnClient bob = TurnClient.of(kith.person("bob"))) {
        first.allocates();
        second.isRefusedAnAllocation(486);
        bob.allocates();
      }
    }
  }

  @Test
  void peersAreAllowedAndDeniedByRange() {
    try (KithServer kith =
        KithServer.start(
            "KITH_TURN_ALLOW_PEERS", "10.1.0.0/16, fd00::/8",
            "KITH_TURN_DENY_PEERS", "203.0.113.0/24")) {
      try (TurnClient alice = TurnClient.of(kith.person("alice"))) {
        alice.allocates();
        assertEquals(0, alice.permission("10.1.2.3"));
        assertEquals(403, alice.permission("10.2.2.3"));
        assertEquals(403, alice.permission("203.0.113.5"));
        assertEquals(0, alice.permission("198.51.100.5"));
      }
    }
  }

  @Test
  void eachAddressBehindANatIsToldAsItsOwnAndClientsTheFirst() {
    try (KithServer kith =
        KithServer.start(
            "KITH_TURN_HOST", "127.0.0.1,127.0.0.2",
            "KITH_TURN_EXTERNAL_IP", "203.0.113.1/127.0.0.1,203.0.113.2/127.0.0.2")) {
      Reply iceServers = iceServers(kith);
      InetSocketAddress told = TurnClient.relay(iceServers);
      assertEquals("203.0.113.1", told.getAddress().getHostAddress());
      for (int host = 1; host <= 2; host++) {
        InetAddress here = InetAddress.ofLiteral("127.0.0." + host);
        try (TurnClient client =
            TurnClient.of(iceServers, new InetSocketAddress(here, told.getPort()))) {
          client.allocates();
          assertEquals("203.0.113." + host, client.relayed().address().getHostAddress());
        }
      }
    }
  }

  @Test
  void theEngineMayBeNamed() throws Exception {
    try (EmbeddedRelay relay = relay("KITH_TURN_ENGINE", "nio")) {
      isHealthy(relay);
    }
  }

  @Test
  void anEngineThatDoesNotWorkHereIsNamed() {
    String architecture = System.setProperty("os.arch", "abacus");
    try {
      Exception refused =
          assertThrows(
              EmbeddedRelay.WrongEngine.class, () -> relay("KITH_TURN_ENGINE", "io_uring"));
      assertTrue(String.valueOf(refused.getMessage()).contains("abacus"), refused.getMessage());
    } finally {
      System.setProperty("os.arch", architecture);
    }
  }

  @Test
  void anAddressOfAnotherMachineIsNamed() {
    Exception refused = assertThrows(Exception.class, () -> relay("KITH_TURN_HOST", "192.0.2.1"));
    assertTrue(String.valueOf(refused.getMessage()).contains("192.0.2.1"), refused.getMessage());
  }

  @Test
  void whatWasRelayedIsLoggedOnceItIsOver() {
    var media =
        new TurnEvent.Released(
            7, "alice", Transport.TLS, Reason.EXPIRED, 600, 90, 99_000, 80, 1_000);
    var checksOnly =
        new TurnEvent.Released(8, "bob", Transport.UDP, Reason.RELEASED, 60, 90, 9_000, 80, 8_000);
    List<LogRecord> logged = logged(() -> List.of(media, checksOnly).forEach(EmbeddedRelay::log));
    assertEquals(1, logged.size());
    assertEquals(
        "Allocation 7 of user alice over TLS ended (EXPIRED) after 600 s:"
            + " 90 packets, 99000 bytes from the client, 80 packets, 1000 bytes to it",
        logged.getFirst().getMessage());
  }

  private static List<LogRecord> logged(Runnable what) {
    List<LogRecord> records = new ArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord logged) {
            records.add(logged);
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger logger = Logger.getLogger(EmbeddedRelay.class.getName());
    logger.addHandler(handler);
    logger.setLevel(Level.INFO); // as KITH_LOG_LEVEL has it unless told otherwise
    what.run();
    logger.setLevel(null);
    logger.removeHandler(handler);
    return records;
  }
}
