package kith.turn.net;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import kith.turn.IpRange;

/** The addresses of this machine that a client could reach it at. */
final class Interfaces {
  private static final int SITE = 48;
  private static final int LINK = 64;

  private Interfaces() {}

  /** All of them, without link-local ones, which would mean something else on every link. */
  static Set<InetAddress> addresses() throws SocketException {
    Set<InetAddress> found = new LinkedHashSet<>();
    for (NetworkInterface network : NetworkInterface.networkInterfaces().toList()) {
      if (network.isUp()) {
        network
            .inetAddresses()
            .filter(address -> !address.isLinkLocalAddress())
            .map(Interfaces::bare)
            .forEach(found::add);
      }
    }
    return found;
  }

  /** The networks of this machine that {@link #link} tells of. */
  static Set<IpRange> links() throws SocketException {
    Set<IpRange> found = new LinkedHashSet<>();
    for (NetworkInterface network : NetworkInterface.networkInterfaces().toList()) {
      if (network.isUp() && !network.isLoopback()) {
        for (InterfaceAddress address : network.getInterfaceAddresses()) {
          link(address.getAddress(), address.getNetworkPrefixLength()).ifPresent(found::add);
        }
      }
    }
    return found;
  }

  /**
   * The network around an address, if its devices could be reached from outside by nothing but a
   * router that keeps others from them. At home these are all devices of the IPv6 network: their
   * addresses are public, and a firewall is what stands before them. Its prefix is taken for what
   * it is from /48, which a site is given, to /64, which every link has (RFC 4291 §2.5.4) though an
   * address of DHCPv6 comes as a /128; a shorter one is that of no link, and the /64 is meant.
   *
   * <p>Not of IPv4: what is private there is denied anyway, and a public network is more often a
   * provider's, where whoever lives next door is as far outside as anyone.
   */
  static Optional<IpRange> link(InetAddress address, int prefix) {
    if (!(address instanceof Inet6Address) || address.isLinkLocalAddress()) {
      return Optional.empty();
    }
    int bits = prefix >= SITE && prefix <= LINK ? prefix : LINK;
    return Optional.of(IpRange.parse(bare(address).getHostAddress() + "/" + bits));
  }

  /**
   * What the operator's list means on a machine of these addresses: wildcards stand for all of
   * their family, an empty list for all there are.
   */
  static List<InetAddress> meantBy(List<InetAddress> listen, Set<InetAddress> all) {
    Set<InetAddress> meant = new LinkedHashSet<>();
    for (InetAddress address : listen) {
      if (address.isAnyLocalAddress()) {
        all.stream().filter(own -> own.getClass() == address.getClass()).forEach(meant::add);
      } else {
        meant.add(address);
      }
    }
    return new ArrayList<>(listen.isEmpty() ? all : meant);
  }

  /** Whether addresses that come later are meant as well. */
  static boolean areFollowed(List<InetAddress> listen) {
    return listen.isEmpty() || listen.stream().anyMatch(InetAddress::isAnyLocalAddress);
  }

  /** Without the interface's name, which would make equal addresses differ. */
  static InetAddress bare(InetAddress address) {
    try {
      return address instanceof Inet6Address
          ? InetAddress.getByAddress(address.getAddress())
          : address;
    } catch (java.net.UnknownHostException e) {
      throw new IllegalStateException("an address has 4 or 16 bytes", e);
    }
  }
}
