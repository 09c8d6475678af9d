package kith.relay;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.util.Collections;
import java.util.Optional;
import java.util.regex.Pattern;

/** The host by which a client reaches the embedded relay. */
public final class RelayAddress {
  private static final int HTTPS = 443;
  private static final Pattern IPV4 = Pattern.compile("[0-9.]+");

  private final Optional<String> fixed;
  private final Optional<String> publicHost;
  private final Optional<URI> publicUrl;

  /**
   * @param externalIp the relay's public address, if the operator named it
   * @param publicUrl where people open the app, if the operator named it
   */
  public RelayAddress(Optional<InetAddress> externalIp, Optional<URI> publicUrl) {
    this.publicUrl = publicUrl;
    this.publicHost = publicUrl.map(URI::getHost);
    this.fixed = externalIp.map(RelayAddress::literal).or(() -> publicHost);
  }

  /**
   * The host by which a client reaches it over TLS: a name if there is one, because certificates
   * are for names - the one that the client's browser accepted for this server, too - and because
   * Firefox passes over TURN over TLS at a bare address.
   */
  String nameForClientAt(Optional<URI> base) {
    return publicHost
        .or(() -> base.map(URI::getHost))
        .filter(RelayAddress::isName)
        .orElseGet(() -> forClientAt(base));
  }

  /** The host and port where clients speak HTTPS with this server, if that is known. */
  Optional<String> httpsForClientAt(Optional<URI> base) {
    return publicUrl
        .or(() -> base)
        .filter(url -> "https".equals(url.getScheme()))
        .map(url -> url.getHost() + ":" + (url.getPort() < 0 ? HTTPS : url.getPort()));
  }

  private static boolean isName(String host) {
    return !host.startsWith("[") && !IPV4.matcher(host).matches();
  }

  /**
   * @param base the address the client reached this server at, if it is known: the relay is on the
   *     same machine, so it is there, too
   */
  String forClientAt(Optional<URI> base) {
    return fixed
        .or(() -> base.map(URI::getHost).map(RelayAddress::withoutName))
        .or(() -> ofThisMachine().map(RelayAddress::literal))
        .orElse("127.0.0.1");
  }

  /** Loopback by number: its name may mean the IPv6 one, where the relay does not listen. */
  private static String withoutName(String host) {
    return host.equals("localhost") || host.equals("[::1]") ? "127.0.0.1" : host;
  }

  /** The address of this machine in its network, if it is in one. */
  public static Optional<InetAddress> ofThisMachine() {
    try {
      return Collections.list(NetworkInterface.getNetworkInterfaces()).stream()
          .filter(RelayAddress::leadsOut)
          .flatMap(NetworkInterface::inetAddresses)
          .filter(address -> address instanceof Inet4Address && !address.isLinkLocalAddress())
          .findFirst();
    } catch (SocketException unreadable) {
      return Optional.empty();
    }
  }

  /** Not the bridges that containers and virtual machines put up. */
  private static boolean leadsOut(NetworkInterface network) {
    String name = network.getName();
    try {
      return network.isUp()
          && !network.isLoopback()
          && !network.isPointToPoint()
          && !name.startsWith("docker")
          && !name.startsWith("br-")
          && !name.startsWith("veth")
          && !name.startsWith("virbr");
    } catch (SocketException gone) {
      return false;
    }
  }

  private static String literal(InetAddress address) {
    String text = address.getHostAddress();
    return text.contains(":") ? "[" + text.replaceAll("%.*", "") + "]" : text;
  }
}
