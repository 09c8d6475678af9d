package kith.web;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import kith.settings.AddressRange;
import org.junit.jupiter.api.Test;

class ClientAddressesTest {
  private static final InetAddress PROXY = InetAddress.ofLiteral("10.0.0.1");
  private static final InetAddress STRANGER = InetAddress.ofLiteral("203.0.113.9");

  private final ClientAddresses addresses =
      new ClientAddresses(List.of(AddressRange.parse("10.0.0.0/8")));

  @Test
  void withoutAProxyTheClientIsThePeer() {
    assertEquals(STRANGER, addresses.client(STRANGER, Map.of()));
  }

  @Test
  void aTrustedProxyTellsWhoTheClientIs() {
    assertEquals(STRANGER, client(PROXY, "203.0.113.9"));
    assertEquals(STRANGER, client(PROXY, "203.0.113.9, 10.0.0.7"));
  }

  @Test
  void whatAStrangerClaimsIsNotBelieved() {
    assertEquals(STRANGER, client(STRANGER, "198.51.100.1"));
    assertEquals(STRANGER, client(PROXY, "198.51.100.1, 203.0.113.9"));
    assertEquals(PROXY, client(PROXY, "nonsense"));
  }

  @Test
  void theBaseIsTheHostThatWasAskedFor() {
    assertEquals("http://kith.example:3001", base(STRANGER, Map.of("host", "kith.example:3001")));
    assertEquals("http://fallback", base(STRANGER, Map.of("host", "evil/../<script>")));
    assertEquals("http://fallback", base(STRANGER, Map.of()));
  }

  @Test
  void aTrustedProxyTellsTheBase() {
    Map<String, String> headers =
        Map.of("host", "inside", "x-forwarded-proto", "https", "x-forwarded-host", "outside");
    assertEquals("https://outside", base(PROXY, headers));
    assertEquals("http://inside", base(STRANGER, headers));
  }

  private InetAddress client(InetAddress peer, String forwardedFor) {
    return addresses.client(peer, Map.of("x-forwarded-for", forwardedFor));
  }

  private String base(InetAddress peer, Map<String, String> headers) {
    return addresses.base(peer, headers, false, "fallback").toString();
  }
}
