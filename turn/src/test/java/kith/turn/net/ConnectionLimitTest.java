package kith.turn.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class ConnectionLimitTest {
  private final ConnectionLimit limit = new ConnectionLimit(100, 2);

  private boolean takes(String address) {
    return limit.take(InetAddress.ofLiteral(address));
  }

  @Test
  void theAddressesOfOneIpv6NetworkCountTogether() {
    assertTrue(takes("2001:db8:0:1::1"));
    assertTrue(takes("2001:db8:0:1:ffff::2"));
    assertFalse(takes("2001:db8:0:1::3"));
    assertTrue(takes("2001:db8:0:2::1"));
    limit.give(InetAddress.ofLiteral("2001:db8:0:1::1"));
    assertTrue(takes("2001:db8:0:1::3"));
    assertEquals(3, limit.total());
  }

  @Test
  void everyIpv4AddressCountsForItself() {
    assertTrue(takes("192.0.2.1"));
    assertTrue(takes("192.0.2.1"));
    assertFalse(takes("192.0.2.1"));
    assertTrue(takes("192.0.2.2"));
    assertTrue(takes("::1"));
  }
}
