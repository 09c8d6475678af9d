package kith.web;

import java.net.InetAddress;
import java.net.URI;
import java.util.Map;

/**
 * Sends a browser that opened the app over plain HTTP from another machine to the same address over
 * TLS: browsers give camera and microphone to secure contexts only (W3C Media Capture and Streams
 * 10.2). The API stays open to both, for apps that are no web page.
 */
public final class TlsForCameras {
  private final boolean available;

  /**
   * @param available whether the port speaks TLS at all
   */
  public TlsForCameras(boolean available) {
    this.available = available;
  }

  boolean isNeeded(boolean secure, Map<String, String> headers, URI base, String path) {
    return available
        && !secure
        && WebApp.isAppAddress(path)
        && headers.getOrDefault("accept", "").contains("text/html")
        && headers.keySet().stream().noneMatch(name -> name.startsWith("x-forwarded-"))
        && isElsewhereInThisNetwork(base.getHost());
  }

  static Answer redirect(URI base, String uri) {
    return Answer.empty(307)
        .with("Location", "https://" + base.getRawAuthority() + uri)
        .with("Cache-Control", "no-store");
  }

  /**
   * An address by number, or a name that only a local network knows; a proxy that ends TLS itself
   * is reached by neither.
   */
  private static boolean isElsewhereInThisNetwork(String host) {
    try {
      String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
      return !InetAddress.ofLiteral(bare).isLoopbackAddress();
    } catch (IllegalArgumentException name) {
      return host.endsWith(".local");
    }
  }
}
