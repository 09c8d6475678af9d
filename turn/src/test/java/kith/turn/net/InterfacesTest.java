package kith.turn.net;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.util.Optional;
import kith.turn.IpRange;
import org.junit.jupiter.api.Test;

/** The networks whose devices are not reached by relays of this machine. */
class InterfacesTest {
  private static String link(String address, int prefix) {
    Optional<IpRange> link = Interfaces.link(InetAddress.ofLiteral(address), prefix);
    return link.map(IpRange::text).orElse("none");
  }

  @Test
  void aNetworkOfIpv6IsOneWithItsDevices() {
    assertEquals("2001:db8:1:2:3:4:5:6/64", link("2001:db8:1:2:3:4:5:6", 64));
    assertEquals("2001:db8:1:2:3:4:5:6/56", link("2001:db8:1:2:3:4:5:6", 56));
    assertEquals("2001:db8:1:2:3:4:5:6/48", link("2001:db8:1:2:3:4:5:6", 48));
  }

  @Test
  void anAddressOfDhcpIsInTheNetworkAroundIt() {
    assertEquals("2001:db8:1:2:3:4:5:6/64", link("2001:db8:1:2:3:4:5:6", 128));
    assertEquals("2001:db8:1:2:3:4:5:6/64", link("2001:db8:1:2:3:4:5:6", 124));
  }

  @Test
  void aPrefixThatNoLinkHasIsNotBelieved() {
    assertEquals("2001:db8:1:2:3:4:5:6/64", link("2001:db8:1:2:3:4:5:6", 0));
    assertEquals("2001:db8:1:2:3:4:5:6/64", link("2001:db8:1:2:3:4:5:6", 47));
  }

  @Test
  void neighboursOfIpv4AreOutsideLikeAnyoneAndLinkLocalAddressesAreDeniedAnyway() {
    assertEquals("none", link("203.0.113.5", 24));
    assertEquals("none", link("fe80::1", 64));
  }
}
