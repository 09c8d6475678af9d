package kith.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kith.testing.KithServer;
import kith.testing.Person;
import org.junit.jupiter.api.Test;

class RelayTest {
  private static final Optional<URI> LOCALHOST = Optional.of(URI.create("http://localhost:3001"));
  private static final Optional<URI> LAN = Optional.of(URI.create("https://192.168.1.5:3001"));
  private static final Optional<URI> PUBLIC = Optional.of(URI.create("https://calls.example.org"));

  @Test
  void theRelayIsWhereTheServerWasReached() {
    RelayAddress address = new RelayAddress(Optional.empty(), Optional.empty());
    assertEquals("127.0.0.1", address.forClientAt(LOCALHOST));
    assertEquals("192.168.1.5", address.forClientAt(LAN));
    assertEquals("calls.example.org", address.forClientAt(PUBLIC));
  }

  @Test
  void thePublicUrlNamesItForEveryone() {
    RelayAddress address = new RelayAddress(Optional.empty(), PUBLIC);
    assertEquals("calls.example.org", address.forClientAt(LAN));
    assertEquals("calls.example.org", address.forClientAt(Optional.empty()));
  }

  @Test
  void anExternalAddressWins() {
    Optional<InetAddress> external = Optional.of(InetAddress.ofLiteral("2001:db8::5"));
    assertEquals("[2001:db8:0:0:0:0:0:5]", new RelayAddress(external, PUBLIC).forClientAt(LAN));
  }

  @Test
  void tlsIsOfferedByNameAndWhereHttpsIs() {
    Optional<InetAddress> external = Optional.of(InetAddress.ofLiteral("203.0.113.5"));
    RelayUrls urls =
        RelayUrls.embedded(
            new RelayAddress(external, PUBLIC), ports(Optional.of(5349), 3478), true);
    assertEquals(
        List.of(
            "stun:203.0.113.5:3478",
            "turn:203.0.113.5:3478?transport=udp",
            "turn:203.0.113.5:3478?transport=tcp",
            "turns:calls.example.org:5349?transport=tcp",
            "turns:calls.example.org:443?transport=tcp"),
        urls.forClientAt(Optional.empty()));
  }

  private static RelayUrls.Ports ports(Optional<Integer> tls, Integer... plain) {
    return new RelayUrls.Ports(List.of(plain), List.of(plain), tls);
  }

  @Test
  void eachPortIsOfferedAndTheMainOneFirst() {
    Optional<InetAddress> external = Optional.of(InetAddress.ofLiteral("203.0.113.5"));
    RelayAddress address = new RelayAddress(external, PUBLIC);
    assertEquals(
        List.of(
            "stun:203.0.113.5:3478",
            "turn:203.0.113.5:3478?transport=udp",
            "turn:203.0.113.5:443?transport=udp",
            "turn:203.0.113.5:3478?transport=tcp",
            "turn:203.0.113.5:443?transport=tcp"),
        RelayUrls.embedded(address, ports(Optional.empty(), 3478, 443), false)
            .forClientAt(Optional.empty()));
  }

  @Test
  void withoutAPublicUrlTheHttpsPortIsTheOneThatWasReached() {
    RelayUrls urls =
        RelayUrls.embedded(
            new RelayAddress(Optional.empty(), Optional.empty()),
            ports(Optional.empty(), 3478),
            true);
    assertTrue(urls.forClientAt(LAN).contains("turns:192.168.1.5:3001?transport=tcp"));
    assertEquals(3, urls.forClientAt(LOCALHOST).size());
    assertEquals(3, urls.forClientAt(Optional.empty()).size());
  }

  @Test
  void overTlsItGoesByTheNameThatItsCertificateIsFor() {
    Optional<InetAddress> external = Optional.of(InetAddress.ofLiteral("203.0.113.5"));
    RelayAddress address = new RelayAddress(external, Optional.empty());
    assertEquals("calls.example.org", address.nameForClientAt(PUBLIC));
    assertEquals("localhost", address.nameForClientAt(LOCALHOST));
    assertEquals("calls.example.org", new RelayAddress(external, PUBLIC).nameForClientAt(LAN));
    assertEquals(
        List.of(
            "stun:203.0.113.5:3478",
            "turn:203.0.113.5:3478?transport=udp",
            "turn:203.0.113.5:3478?transport=tcp",
            "turns:calls.example.org:5349?transport=tcp"),
        RelayUrls.embedded(address, ports(Optional.of(5349), 3478), false).forClientAt(PUBLIC));
  }

  @Test
  void overTlsItGoesByItsAddressWhereThereIsNoName() {
    RelayAddress address = new RelayAddress(Optional.empty(), Optional.empty());
    assertEquals("192.168.1.5", address.nameForClientAt(LAN));
    assertEquals(
        "[2001:db8::5]", address.nameForClientAt(Optional.of(URI.create("https://[2001:db8::5]"))));
  }

  @Test
  void everyoneGetsCredentialsOfTheirOwnThatExpire() {
    try (KithServer kith = KithServer.start()) {
      Person alice = kith.person("alice");
      var configuration = alice.gets("/api/ice-servers").isOk();
      List<?> servers = configuration.list("iceServers");
      Map<?, ?> stun = (Map<?, ?>) servers.get(0);
      Map<?, ?> turn = (Map<?, ?>) servers.get(1);
      assertTrue(stun.get("urls").toString().startsWith("[stun:127.0.0.1:"));
      String username = (String) turn.get("username");
      long expiry = Long.parseLong(username.substring(0, username.indexOf(':')));
      long ttl = configuration.number("ttlSeconds");
      assertTrue(Math.abs(expiry - System.currentTimeMillis() / 1000 - ttl) < 60);
      assertTrue(username.endsWith(":" + alice.id()));
    }
  }

  @Test
  void anExternalRelayIsNamedAsItIs() {
    try (KithServer kith =
        KithServer.start(
            "KITH_TURN_URLS", "stun:relay.example.org,turns:relay.example.org:5349?transport=tcp",
            "KITH_TURN_SECRET", "0123456789abcdefghij")) {
      List<?> servers = kith.person("alice").gets("/api/ice-servers").list("iceServers");
      assertEquals(Map.of("urls", List.of("stun:relay.example.org")), servers.get(0));
      assertEquals(
          List.of("turns:relay.example.org:5349?transport=tcp"),
          ((Map<?, ?>) servers.get(1)).get("urls"));
    }
  }
}
