package kith.settings;

import java.net.InetAddress;
import java.util.Optional;

/**
 * A public address that a NAT leads to this machine.
 *
 * @param behind the address of this machine it leads to, if that was said
 */
public record ExternalIp(InetAddress told, Optional<InetAddress> behind) {
  /**
   * @param text {@code 203.0.113.1}, {@code 203.0.113.1/10.0.0.5}
   * @throws IllegalArgumentException saying what is wrong with it
   */
  static ExternalIp parse(String text) {
    int slash = text.indexOf('/');
    InetAddress told = literal(slash < 0 ? text : text.substring(0, slash), text);
    if (slash < 0) {
      return new ExternalIp(told, Optional.empty());
    }
    InetAddress behind = literal(text.substring(slash + 1), text);
    if (behind.getClass() != told.getClass()) {
      throw new IllegalArgumentException(
          "must hold two IPv4 or two IPv6 addresses, not '" + text + "'");
    }
    return new ExternalIp(told, Optional.of(behind));
  }

  private static InetAddress literal(String address, String text) {
    try {
      return InetAddress.ofLiteral(address.strip());
    } catch (IllegalArgumentException notOne) {
      throw new IllegalArgumentException(
          "must hold IP addresses, PUBLIC or PUBLIC/LOCAL, not '" + text + "'", notOne);
    }
  }
}
