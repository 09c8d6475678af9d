package kith.turn.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import kith.turn.IpRange;
import kith.turn.Listener;
import kith.turn.OwnAddresses;
import kith.turn.Transport;
import kith.turn.net.Networks.Network.Kind;
import kith.turn.stun.AddressFamily;
import kith.turn.stun.TransportAddress;
import org.junit.jupiter.api.Test;

/** What is relayed from, and told to clients, on a machine with several addresses. */
class SitesTest {
  private static final String EXTERNAL = "203.0.113.200";

  private final Map<InetAddress, Networks.Network> machine = new HashMap<>();
  private String wayOut = "10.0.0.5";
  private int lookups;

  private final Networks networks =
      new Networks() {
        @Override
        public Set<InetAddress> addresses() {
          return machine.keySet();
        }

        @Override
        public Set<IpRange> links() {
          return Set.of();
        }

        @Override
        public Network of(InetAddress address) {
          lookups++;
          return machine.getOrDefault(address, Network.UNKNOWN);
        }

        @Override
        public Optional<InetAddress> sourceTowards(InetAddress there) {
          return Optional.of(literal(wayOut));
        }
      };

  private static InetAddress literal(String address) {
    return InetAddress.ofLiteral(address);
  }

  private void has(String address, String network, Kind kind) {
    machine.put(literal(address), new Networks.Network(network, kind));
  }

  private Sites at(UnaryOperator<TurnOptions> changes, String... addresses) {
    try {
      Sites sites = new Sites(changes.apply(TurnOptions.defaults()), new OwnAddresses(), networks);
      sites.add(Stream.of(addresses).map(SitesTest::literal).toList());
      return sites;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static UnaryOperator<TurnOptions> external() {
    return options -> options.withExternalAddress(literal(EXTERNAL));
  }

  /** The address that a client of this one is told it is relayed at, or "none". */
  private static String told(Sites sites, String address, AddressFamily family) {
    Listener listener = sites.listener(Transport.UDP, TransportAddress.of(literal(address), 3478));
    return listener
        .relayed(family)
        .map(relayed -> relayed.address().getHostAddress())
        .orElse("none");
  }

  private static String told(Sites sites, String address) {
    return told(sites, address, AddressFamily.IPV4);
  }

  // Behind a 1:1 NAT

  @Test
  void theExternalAddressIsToldOfTheOneThatTheWayOutIsFrom() {
    Sites sites = at(external(), "172.17.0.1", "10.0.0.5", "10.1.0.5", "127.0.0.1");
    assertEquals(EXTERNAL, told(sites, "10.0.0.5"));
    for (String other : List.of("172.17.0.1", "10.1.0.5", "127.0.0.1")) {
      assertEquals(other, told(sites, other));
    }
  }

  @Test
  void anExternalAddressThatTheMachineHasItselfIsToldOfThatAlone() {
    Sites sites = at(external(), "10.0.0.5", EXTERNAL);
    assertEquals("10.0.0.5", told(sites, "10.0.0.5"));
    assertEquals(EXTERNAL, told(sites, EXTERNAL));
  }

  @Test
  void whereTheWayOutIsByNoneOfThemItIsToldOfOneThatIsNoBridge() {
    wayOut = "10.9.0.5";
    has("172.17.0.1", "docker0", Kind.BRIDGE);
    Sites sites = at(external(), "172.17.0.1", "10.1.0.5", "10.2.0.5");
    assertEquals("172.17.0.1", told(sites, "172.17.0.1"));
    assertEquals(EXTERNAL, told(sites, "10.1.0.5"));
    assertEquals("10.2.0.5", told(sites, "10.2.0.5"));
  }

  @Test
  void anAddressThatComesLaterTakesItOverIfTheWayOutIsByItNow() throws IOException {
    Sites sites = at(external(), "10.0.0.5");
    wayOut = "10.1.0.5";
    sites.add(List.of(literal("172.17.0.1"), literal("10.1.0.5")));
    assertEquals(EXTERNAL, told(sites, "10.1.0.5"));
    assertEquals("172.17.0.1", told(sites, "172.17.0.1"));
    sites.add(List.of(literal("10.2.0.5")));
    assertEquals("10.2.0.5", told(sites, "10.2.0.5"));
  }

  @Test
  void eachAddressMayHaveAnExternalOneOfItsOwn() {
    Sites sites =
        at(
            options ->
                options
                    .withExternalAddress(literal("10.0.0.5"), literal("203.0.113.1"))
                    .withExternalAddress(literal("10.1.0.5"), literal("203.0.113.2")),
            "10.0.0.5",
            "10.1.0.5",
            "10.2.0.5");
    assertEquals("203.0.113.1", told(sites, "10.0.0.5"));
    assertEquals("203.0.113.2", told(sites, "10.1.0.5"));
    assertEquals("10.2.0.5", told(sites, "10.2.0.5"));
  }

  @Test
  void aMappingThatCannotBeIsRefused() {
    TurnOptions options =
        TurnOptions.defaults().withExternalAddress(literal("10.0.0.5"), literal(EXTERNAL));
    assertThrows(
        IllegalArgumentException.class,
        () -> options.withExternalAddress(literal("10.0.0.6"), literal(EXTERNAL)));
    assertThrows(
        IllegalArgumentException.class,
        () -> options.withExternalAddress(literal("10.0.0.6"), literal("2001:db8::1")));
    InetAddress listening = literal("10.0.0.6");
    Sites sites = new Sites(options.withListen(listening), new OwnAddresses(), networks);
    IOException refused = assertThrows(IOException.class, sites::check);
    assertEquals(
        "an external address is said to lead to 10.0.0.5, which is not listened on",
        refused.getMessage());
  }

  // Addresses that come later

  @Test
  void whatIsNotServedAtYetIsMissing() throws IOException {
    has("10.0.0.5", "eth0", Kind.OUTWARD);
    Sites sites = at(usual(), "10.0.0.5");
    assertEquals(List.of(), sites.missing());
    has("10.1.0.5", "eth1", Kind.OUTWARD);
    assertEquals(List.of(literal("10.1.0.5")), sites.missing());
    sites.add(List.of(literal("10.1.0.5")));
    assertEquals(List.of(), sites.missing());
  }

  @Test
  void whoComesToOneAddressIsRelayedFromWhatThereIsNow() throws IOException {
    has("10.0.0.5", "eth0", Kind.OUTWARD);
    Sites sites = at(usual(), "10.0.0.5");
    Listener listener =
        sites.listener(Transport.UDP, TransportAddress.of(literal("10.0.0.5"), 3478));
    assertEquals(Optional.empty(), listener.relayed(AddressFamily.IPV6));
    has("2001:db8::5", "eth0", Kind.OUTWARD);
    sites.add(List.of(literal("2001:db8::5")));
    sites.renew(listener);
    assertEquals(
        Optional.of(TransportAddress.of(literal("2001:db8::5"), 0)),
        listener.relayed(AddressFamily.IPV6));
    sites.remove(literal("2001:db8::5"));
    sites.renew(listener);
    assertEquals(Optional.empty(), listener.relayed(AddressFamily.IPV6));
  }

  @Test
  void anAddressThatWasNamedIsServedAtThoughTheMachineLosesIt() throws IOException {
    has("10.0.0.5", "eth0", Kind.OUTWARD);
    has("10.1.0.5", "eth1", Kind.OUTWARD);
    UnaryOperator<TurnOptions> both =
        options -> options.withListen(literal("10.0.0.5"), literal("::"));
    Sites sites = at(both, "10.0.0.5", "2001:db8::5");
    machine.clear();
    assertEquals(List.of(literal("2001:db8::5")), sites.vanished());
  }

  @Test
  void whereAnAddressLeadsIsLookedUpOnceForAllItsClients() {
    has("10.0.0.5", "eth0", Kind.OUTWARD);
    has("2001:db8::5", "eth0", Kind.OUTWARD);
    Sites sites = at(usual(), "10.0.0.5", "2001:db8::5");
    lookups = 0;
    assertEquals("2001:db8:0:0:0:0:0:5", toldIpv6(sites, "10.0.0.5"));
    assertEquals(0, lookups);
  }

  // The other family

  private static UnaryOperator<TurnOptions> usual() {
    return options -> options;
  }

  private static String toldIpv6(Sites sites, String address) {
    return told(sites, address, AddressFamily.IPV6);
  }

  @Test
  void theOtherFamilyIsRelayedFromTheSameInterface() {
    has("172.17.0.1", "docker0", Kind.BRIDGE);
    has("10.0.0.5", "eth0", Kind.OUTWARD);
    has("2001:db8::5", "eth0", Kind.OUTWARD);
    has("10.1.0.5", "eth1", Kind.OUTWARD);
    has("2001:db8:1::5", "eth1", Kind.OUTWARD);
    Sites sites = at(usual(), "172.17.0.1", "10.0.0.5", "2001:db8::5", "10.1.0.5", "2001:db8:1::5");
    assertEquals("2001:db8:0:0:0:0:0:5", toldIpv6(sites, "10.0.0.5"));
    assertEquals("2001:db8:1:0:0:0:0:5", toldIpv6(sites, "10.1.0.5"));
    assertEquals("10.1.0.5", told(sites, "2001:db8:1::5"));
  }

  @Test
  void ofSeveralAGlobalAddressIsRelayedFromAndATunnelsOnlyIfThereIsNoOther() {
    has("10.0.0.5", "eth0", Kind.OUTWARD);
    has("2001:db8:2::5", "wg0", Kind.TUNNEL);
    has("fd00::5", "eth1", Kind.OUTWARD);
    has("2001:db8::5", "eth1", Kind.OUTWARD);
    assertEquals(
        "2001:db8:0:0:0:0:0:5",
        toldIpv6(at(usual(), "2001:db8:2::5", "fd00::5", "2001:db8::5", "10.0.0.5"), "10.0.0.5"));
    assertEquals(
        "2001:db8:2:0:0:0:0:5", toldIpv6(at(usual(), "2001:db8:2::5", "10.0.0.5"), "10.0.0.5"));
  }

  @Test
  void anAddressWithAGlobalOneBeforeItCountsAsThat() {
    assertEquals(
        EXTERNAL, told(at(external(), "10.1.0.5", "10.0.0.5", "2001:db8::5"), "2001:db8::5"));
  }

  @Test
  void aBridgeIsNoWayToPeers() {
    has("2001:db8::5", "eth0", Kind.OUTWARD);
    has("172.17.0.1", "docker0", Kind.BRIDGE);
    has("127.0.0.1", "lo", Kind.OUTWARD);
    assertEquals(
        "none", told(at(usual(), "172.17.0.1", "127.0.0.1", "2001:db8::5"), "2001:db8::5"));
  }
}
