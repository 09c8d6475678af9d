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

  /** What the HTTP port answers of TURN that clients may be told of. */
  enum OnHttpPort {
    NOTHING,
    TCP,
    TCP_AND_TLS
  }

  /**
   * The ports of the relay in this process.
   *
   * @param udp the main one first
   * @param tls if it speaks TLS
   */
  record Ports(List<Integer> udp, List<Integer> tcp, Optional<Integer> tls) {}

  /**
   * The relay in this process. STUN is told of the main port alone: asked at others, it would
   * answer the same.
   *
   * @param sharesHttps whether it also answers TLS where this server speaks HTTPS
   */
  static RelayUrls embedded(RelayAddress address, Ports ports, boolean sharesHttps) {
    return base -> {
      String host = address.forClientAt(base);
      List<String> urls = new ArrayList<>();
      urls.add("stun:" + host + ":" + ports.udp().getFirst());
      ports.udp().forEach(port -> urls.add("turn:" + host + ":" + port + "?transport=udp"));
      ports.tcp().forEach(port -> urls.add("turn:" + host + ":" + port + "?transport=tcp"));
      ports
          .tls()
          .ifPresent(
              tls ->
                  urls.add(
                      "turns:" + address.nameForClientAt(base) + ":" + tls + "?transport=tcp"));
      if (sharesHttps) {
        address.httpsForClientAt(base).ifPresent(at -> urls.add("turns:" + at + "?transport=tcp"));
      }
      return urls;
    };
  }
}
