package kith.console;

import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import kith.settings.Registration;

/**
 * What is printed once the server is up: where it is, how a phone gets there, what to do first.
 *
 * @param lanAddress of this machine, if it is in a network
 * @param tls whether the port speaks TLS, too
 * @param demoLinks by name, links that sign in
 */
public record Welcome(
    String version,
    int port,
    Optional<URI> publicUrl,
    Optional<InetAddress> lanAddress,
    boolean tls,
    boolean selfSigned,
    boolean empty,
    Registration registration,
    List<DemoLink> demoLinks) {

  /** Opens the app as that person. */
  public record DemoLink(String name, String url) {}

  /** Where the app is on this machine, or where the operator says it is. */
  public static String address(Optional<URI> publicUrl, int port) {
    return publicUrl.map(URI::toString).orElse("http://localhost:" + port);
  }

  /**
   * @param terminal whether colours are understood
   */
  public String text(boolean terminal) {
    StringBuilder text = new StringBuilder();
    text.append("\n  Kith ").append(version).append(" is running at ");
    text.append(address(publicUrl, port)).append("\n");
    forPhones().ifPresent(url -> phones(text, url, terminal));
    if (!demoLinks.isEmpty()) {
      text.append("\n  Two people to try a call with; open each in a browser of its own");
      text.append("\n  (one of them in a private window). Each link works once:\n");
      demoLinks.forEach(
          link ->
              text.append("    ").append(link.name()).append("  ").append(link.url()).append('\n'));
    } else if (empty) {
      text.append(firstAccount());
    }
    return text.append("\n  Ctrl-C stops it.\n").toString();
  }

  private Optional<String> forPhones() {
    return publicUrl
        .map(URI::toString)
        .or(
            () ->
                lanAddress.map(
                    lan -> (tls ? "https://" : "http://") + lan.getHostAddress() + ":" + port));
  }

  private void phones(StringBuilder text, String url, boolean terminal) {
    text.append("\n  On a phone in the same network: ").append(url).append("\n\n");
    text.append(QrText.of(url, terminal));
    if (publicUrl.isPresent()) {
      return;
    }
    if (!tls) {
      text.append("\n  Browsers give no camera to a page from another machine without TLS;");
      text.append("\n  KITH_TLS=self-signed turns it on.\n");
    } else if (selfSigned) {
      text.append("\n  The phone warns once that it does not know this server's certificate:");
      text.append("\n  the server made it itself. Choose to visit the page all the same.\n");
    }
  }

  private String firstAccount() {
    return switch (registration) {
      case OPEN, INVITE ->
          "\n  Nobody has an account yet: open the address above and choose Create account.\n";
      case CLOSED ->
          "\n  Nobody has an account, and KITH_REGISTRATION=closed lets nobody make one:"
              + "\n  start once with KITH_REGISTRATION=invite to make the first.\n";
    };
  }
}
