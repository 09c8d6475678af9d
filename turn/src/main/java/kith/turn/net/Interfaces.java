package kith.turn.net;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The addresses of this machine that a client could reach it at. */
final class Interfaces {
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
