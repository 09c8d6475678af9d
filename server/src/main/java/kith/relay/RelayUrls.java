package kith.relay;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where clients are sent for STUN and TURN (RFC 7064, RFC 7065). */
@FunctionalInterface
public interface RelayUrls {
  /**
   * @param base the address the client reached this server at, if it is known
   */
  List<String> forClientAt(Optional<URI> base);

  /** A relay that runs elsewhere. */
  static RelayUrls external(List<String> urls) {
    return base -> urls;
  }

  /**
   * The relay in this process.
   *
   * @param port of UDP and TCP
   * @param tlsPort of TLS, if it speaks TLS
   * @param sharesHttps whether it also answers TLS where this server speaks HTTPS
   */
  static RelayUrls embedded(
      RelayAddress address, int port, Optional<Integer> tlsPort, boolean sharesHttps) {
    return base -> {
      String host = address.forClientAt(base);
      List<String> urls = new ArrayList<>();
      urls.add("stun:" + host + ":" + port);
      urls.add("turn:" + host + ":" + port + "?transport=udp");
      urls.add("turn:" + host + ":" + port + "?transport=tcp");
      tlsPort.ifPresent(
          tls -> urls.add("turns:" + address.nameForClientAt(base) + ":" + tls + "?transport=tcp"));
      if (sharesHttps) {
        address.httpsForClientAt(base).ifPresent(at -> urls.add("turns:" + at + "?transport=tcp"));
      }
      return urls;
    };
  }
}
