package kith.web;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;

/** What every answer tells the browser not to do. */
public final class SecurityHeaders {
  private final boolean strictTransport;

  /**
   * @param strictTransport whether browsers may be told to come by TLS only (RFC 6797): not with a
   *     self-signed certificate, which they would then refuse without a way on
   */
  public SecurityHeaders(boolean strictTransport) {
    this.strictTransport = strictTransport;
  }

  Map<String, String> forRequestTo(URI base) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Security-Policy", contentSecurityPolicy(base.getRawAuthority()));
    headers.put(
        "Permissions-Policy",
        "camera=(self), microphone=(self), display-capture=(self), fullscreen=(self),"
            + " autoplay=(self), geolocation=(), payment=(), usb=()");
    headers.put("X-Content-Type-Options", "nosniff");
    headers.put("Referrer-Policy", "no-referrer");
    headers.put("Cross-Origin-Opener-Policy", "same-origin");
    if (strictTransport && base.getScheme().equals("https")) {
      headers.put("Strict-Transport-Security", "max-age=31536000");
    }
    return headers;
  }

  /** {@code 'self'} does not cover WebSockets in older Safari, so they are named. */
  private static String contentSecurityPolicy(String authority) {
    return "default-src 'self'; connect-src 'self' ws://"
        + authority
        + " wss://"
        + authority
        + "; img-src 'self' data: blob:; media-src 'self' data: blob:; font-src 'self' data:"
        + "; style-src 'self' 'unsafe-inline'; worker-src 'self' blob:; object-src 'none'"
        + "; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
  }
}
