package kith.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
  private static final String GOOD_SECRET = "Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFy";

  @Test
  void everythingHasADefault() throws BadSettings {
    Settings settings = Settings.read(Map.of());
    assertEquals(3001, settings.port());
    assertEquals(Registration.OPEN, settings.registration());
    assertEquals(Duration.ofSeconds(45), settings.callTimes().ring());
    assertEquals(new PortRange(49152, 65535), settings.turn().relayPorts());
    assertTrue(settings.tls() instanceof Settings.Tls.SelfSigned);
  }

  @Test
  void anEmptyVariableIsAsGoodAsNone() throws BadSettings {
    Map<String, String> empty = new HashMap<>();
    for (Setting setting : Setting.values()) {
      empty.put(setting.name(), " ");
    }
    assertEquals(Settings.read(Map.of()), Settings.read(empty));
  }

  @Test
  void whatIsSetIsRead() throws BadSettings {
    Settings settings =
        Settings.read(
            Map.of(
                "KITH_PUBLIC_URL", "https://calls.example.org/",
                "KITH_REGISTRATION", "invite",
                "KITH_GRACE_SECONDS", "60",
                "KITH_ALLOWED_ORIGINS", "http://localhost:8081, https://app.example.org",
                "KITH_TURN_URLS", "turn:relay.example.org:3478?transport=udp",
                "KITH_TURN_SECRET", GOOD_SECRET));
    assertEquals(Optional.of(URI.create("https://calls.example.org")), settings.publicUrl());
    assertEquals(Registration.INVITE, settings.registration());
    assertEquals(Duration.ofSeconds(60), settings.callTimes().grace());
    assertEquals(2, settings.allowedOrigins().size());
    assertTrue(settings.turn().isExternal());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          KITH_PORT                | 70000
          KITH_PORT                | http
          KITH_PUBLIC_URL          | calls.example.org
          KITH_PUBLIC_URL          | https://calls.example.org/path
          KITH_DATABASE_URL        | mysql://db/kith
          KITH_REGISTRATION        | everyone
          KITH_ALLOWED_ORIGINS     | https://a.example,nonsense
          KITH_TRUSTED_PROXIES     | 10.0.0.0/64
          KITH_TRUSTED_PROXIES     | proxy.example.org
          KITH_METRICS             | maybe
          KITH_TLS                 | on
          KITH_TLS_CERT            | /nowhere/cert.pem
          KITH_WEB_DIR             | /nowhere
          KITH_TURN_HOST           | relay.example.org
          KITH_TURN_HOST           | 127.0.0.1,nonsense
          KITH_TURN_PORT           | 70000
          KITH_TURN_PORT           | 3478,https
          KITH_TURN_PORT           | 1,2,3,4,5,6,7,8,9
          KITH_TURN_RELAY_PORTS    | 50000-49000
          KITH_TURN_RELAY_PORTS    | 80-90
          KITH_TURN_EXTERNAL_IP    | relay.example.org
          KITH_TURN_EXTERNAL_IP    | 203.0.113.1/2001:db8::1
          KITH_TURN_EXTERNAL_IP    | 203.0.113.1,203.0.113.2
          KITH_TURN_EXTERNAL_IP    | 203.0.113.1/10.0.0.1,203.0.113.2/10.0.0.1
          KITH_TURN_EXTERNAL_IP    | 203.0.113.1/10.0.0.1,203.0.113.1/10.0.0.2
          KITH_TURN_URLS           | http://relay
          KITH_TURN_SECRET         | 0123456789abcdefghij,short
          KITH_TURN_ENGINE         | steam
          KITH_TURN_ALLOCATIONS    | 0
          KITH_TURN_ALLOCATIONS_PER_USER | many
          KITH_TURN_MBIT_PER_ALLOCATION  | -1
          KITH_TURN_MBIT_IN_ALL    | 2.5
          KITH_TURN_ALLOW_PEERS    | 10.0.0.0/40
          KITH_TURN_DENY_PEERS     | everyone
          KITH_TURN_PROXIES        | proxy.example.org
          KITH_TURN_DRAIN_SECONDS  | forever
          KITH_TURN_DRAIN_ALLOCATIONS    | -1
          KITH_RING_SECONDS        | 0
          KITH_CONNECT_SECONDS     | 1e3
          KITH_LOG_LEVEL           | loud""")
  void whatMakesNoSenseIsRefused(String name, String value) {
    String told = refused(name, value).getFirst();
    assertTrue(told.startsWith(name + " "), told);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "secret",
        "changeme",
        "short but unlike",
        "secretsecretsecretsecretsecretsecret",
        "changemechangemechangemechangeme",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "abababababababababababababababababab"
      })
  void aSecretThatCanBeGuessedIsRefusedAndNotQuoted(String secret) {
    List<String> errors = refused("KITH_JWT_SECRET", secret);
    assertEquals(1, errors.size());
    assertFalse(errors.getFirst().contains(secret), errors.getFirst());
  }

  @Test
  void aDatabasePasswordIsNotQuoted() {
    assertFalse(
        refused("KITH_DATABASE_URL", "postgres//kith:hunter2@db").toString().contains("hunter2"));
  }

  @Test
  void keysOfAnIssuerAndItsNameGoTogether() throws BadSettings {
    for (String alone : List.of("KITH_JWKS_URL", "KITH_JWT_ISSUER")) {
      String told = refused(alone, "https://login.example.org/").getFirst();
      assertTrue(told.contains("set both or neither"), told);
    }
    assertTrue(refused("KITH_JWT_AUDIENCE", "kith").getFirst().contains("KITH_JWKS_URL"));
    var both =
        Map.of("KITH_JWKS_URL", "https://login.example.org/keys", "KITH_JWT_ISSUER", "example");
    assertEquals("example", Settings.read(both).issuer().orElseThrow().name());
  }

  @Test
  void allThatIsWrongIsToldAtOnce() {
    var wrong =
        assertThrows(
            BadSettings.class,
            () -> Settings.read(Map.of("KITH_PORT", "x", "KITH_TLS", "y", "KITH_LOG_LEVEL", "z")));
    assertEquals(3, wrong.errors().size());
  }

  @Test
  void theRelayIsLimitedUnlessToldOtherwise() throws BadSettings {
    Settings.Turn turn = Settings.read(Map.of()).turn();
    assertEquals(new Settings.TurnLimits(10_000, 64, 20, 0), turn.limits());
    assertEquals(List.of(), turn.hosts());
    assertEquals(List.of(), turn.secrets());
    assertEquals(Duration.ZERO, turn.drain());
    assertEquals(0, turn.drainAllocations());
  }

  @Test
  void ofTheRelaysPortsTheOneOfHttpIsUdpOnly() throws BadSettings {
    assertEquals(
        new Settings.TurnPorts(List.of(3478, 443), Set.of(443)),
        Settings.read(Map.of("KITH_PORT", "443", "KITH_TURN_PORT", "3478, 443")).turn().ports());
    assertEquals(
        new Settings.TurnPorts(List.of(3478, 443), Set.of()),
        Settings.read(Map.of("KITH_TURN_PORT", "3478,443")).turn().ports());
    assertEquals(
        new Settings.TurnPorts(List.of(0), Set.of()),
        Settings.read(Map.of("KITH_PORT", "0", "KITH_TURN_PORT", "0")).turn().ports());
  }

  @Test
  void anExternalAddressMayNameTheOneBehindIt() throws BadSettings {
    InetAddress told = InetAddress.ofLiteral("203.0.113.1");
    InetAddress other = InetAddress.ofLiteral("203.0.113.2");
    assertEquals(
        List.of(
            new ExternalIp(told, Optional.of(InetAddress.ofLiteral("10.0.0.5"))),
            new ExternalIp(other, Optional.empty())),
        Settings.read(Map.of("KITH_TURN_EXTERNAL_IP", "203.0.113.1/10.0.0.5, 203.0.113.2"))
            .turn()
            .externalIps());
  }

  @Test
  void anExternalAddressLeadsToOneThatIsListenedOn() throws BadSettings {
    String external = "203.0.113.1/10.0.0.5";
    Settings.read(Map.of("KITH_TURN_EXTERNAL_IP", external, "KITH_TURN_HOST", "10.0.0.5"));
    Settings.read(Map.of("KITH_TURN_EXTERNAL_IP", external, "KITH_TURN_HOST", "0.0.0.0"));
    Map<String, String> wrong =
        Map.of("KITH_TURN_EXTERNAL_IP", external, "KITH_TURN_HOST", "10.0.0.6,127.0.0.1");
    assertEquals(
        List.of("KITH_TURN_EXTERNAL_IP leads to 10.0.0.5, which KITH_TURN_HOST does not listen on"),
        assertThrows(BadSettings.class, () -> Settings.read(wrong)).errors());
  }

  @Test
  void severalSecretsAreToldInTheirOrder() throws BadSettings {
    String other = "another-" + GOOD_SECRET;
    assertEquals(
        List.of(other, GOOD_SECRET),
        Settings.read(Map.of("KITH_TURN_SECRET", other + ", " + GOOD_SECRET)).turn().secrets());
  }

  @Test
  void ofSeveralSecretsEachIsCheckedAndNoneQuoted() {
    List<String> errors = refused("KITH_TURN_SECRET", "short," + GOOD_SECRET + ",brief");
    assertEquals(2, errors.size());
    assertFalse(errors.toString().contains("brief"), errors.toString());
  }

  @Test
  void anExternalRelayNeedsItsSecret() {
    assertTrue(
        refused("KITH_TURN_URLS", "turn:relay.example.org")
            .getFirst()
            .contains("KITH_TURN_SECRET"));
  }

  @Test
  void theTableInTheDocumentsIsThisOne() throws IOException {
    String document = Files.readString(Path.of("../docs/operations.md"));
    for (Setting setting : Setting.values()) {
      String fallback = setting.fallback().isEmpty() ? "" : "`" + setting.fallback() + "`";
      String row = "| `" + setting + "` | " + fallback + " | " + setting.meaning() + " |";
      assertTrue(document.contains(row), () -> "docs/operations.md lacks this row:\n" + row);
    }
  }

  private static List<String> refused(String name, String value) {
    return assertThrows(BadSettings.class, () -> Settings.read(Map.of(name, value))).errors();
  }
}
