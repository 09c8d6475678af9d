package kith.web;

import java.net.InetAddress;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import kith.settings.AddressRange;
import kith.socketio.Handshake;

/**
 * Who sent a request and what address they typed, when proxies may stand between: their X-Forwarded
 * headers count only if every hop that added one is trusted.
 */
public final class ClientAddresses {
  private static final Pattern HOST =
      Pattern.compile("[A-Za-z0-9._-]{1,255}(:\\d{1,5})?|\\[[0-9A-Fa-f:.]{2,45}](:\\d{1,5})?");

  /** By these a proxy tells that it is one. */
  private static final Set<String> FORWARDING =
      Set.of(
          "forwarded",
          "via",
          "x-forwarded-for",
          "x-forwarded-host",
          "x-forwarded-proto",
          "x-real-ip");

  private final List<AddressRange> trustedProxies;

  public ClientAddresses(List<AddressRange> trustedProxies) {
    this.trustedProxies = trustedProxies;
  }

  /**
   * The nearest address that is no trusted proxy.
   *
   * @param peer the other end of the connection
   * @param headers by lower-case name
   */
  InetAddress client(InetAddress peer, Map<String, String> headers) {
    String[] hops = headers.getOrDefault("x-forwarded-for", "").split(",");
    InetAddress nearest = peer;
    for (int i = hops.length - 1; i >= 0 && isTrusted(nearest); i--) {
      try {
        nearest = InetAddress.ofLiteral(hops[i].strip());
      } catch (IllegalArgumentException noAddress) {
        return nearest;
      }
    }
    return nearest;
  }

  /** The scheme, host and port the client used; the given ones if it sent no sensible Host. */
  URI base(InetAddress peer, Map<String, String> headers, boolean tls, String fallbackHost) {
    return base(peer, headers, tls)
        .orElseGet(() -> URI.create(scheme(peer, headers, tls) + "://" + fallbackHost));
  }

  /** The same of a socket's client; empty if it sent no sensible Host. */
  public Optional<URI> base(Handshake handshake) {
    if (handshake.remoteAddress().isEmpty()) {
      return Optional.empty(); // it is gone already
    }
    Map<String, String> headers = new HashMap<>();
    for (String name : List.of("host", "x-forwarded-host", "x-forwarded-proto")) {
      String value = handshake.header(name);
      if (value != null) {
        headers.put(name, value);
      }
    }
    InetAddress peer = InetAddress.ofLiteral(handshake.remoteAddress());
    return base(peer, headers, handshake.secure());
  }

  private String scheme(InetAddress peer, Map<String, String> headers, boolean tls) {
    boolean proxiedTls =
        isTrusted(peer) && headers.getOrDefault("x-forwarded-proto", "").equals("https");
    return tls || proxiedTls ? "https" : "http";
  }

  private Optional<URI> base(InetAddress peer, Map<String, String> headers, boolean tls) {
    String host = headers.getOrDefault("host", "");
    if (isTrusted(peer) && headers.containsKey("x-forwarded-host")) {
      host = headers.getOrDefault("x-forwarded-host", "");
    }
    return Optional.of(host)
        .filter(it -> HOST.matcher(it).matches())
        .map(it -> URI.create(scheme(peer, headers, tls) + "://" + it))
        .filter(base -> base.getHost() != null);
  }

  /** Whether a proxy passed it on that is not trusted: nobody knows who sent it. */
  boolean isFromAnyone(InetAddress peer, Map<String, String> headers) {
    return !isTrusted(peer) && headers.keySet().stream().anyMatch(FORWARDING::contains);
  }

  public boolean isTrusted(InetAddress address) {
    return trustedProxies.stream().anyMatch(range -> range.contains(address));
  }
}
