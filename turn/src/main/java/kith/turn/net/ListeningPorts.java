package kith.turn.net;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Where a server listens, once it is known to be free.
 *
 * @param addresses those that can be listened on
 * @param plain the ports of UDP and TCP, the main one first
 * @param udpOnly those of them whose TCP is something else's
 * @param tls the port of TLS, 0 for none
 * @param discovery the second port of NAT behaviour discovery, 0 for none
 */
record ListeningPorts(
    List<InetAddress> addresses,
    List<Integer> plain,
    Set<Integer> udpOnly,
    int tls,
    int discovery) {

  /**
   * @throws IOException naming the address and port that are not to be had
   */
  static ListeningPorts of(TurnOptions options) throws IOException {
    boolean lenient = Interfaces.areFollowed(options.listen());
    List<InetAddress> meant = Interfaces.meantBy(options.listen(), Interfaces.addresses());
    Probe main = Probe.of(meant, options.port(), tcp(options, options.port()), lenient);
    List<InetAddress> addresses = main.addresses();
    List<Integer> plain = new ArrayList<>(List.of(main.port()));
    for (int port : options.furtherPorts()) {
      plain.add(Probe.of(addresses, port, tcp(options, port), false).port());
    }
    int tls = 0;
    if (options.tls().isPresent()) {
      tls = Probe.of(addresses, options.tls().get().port(), true, false).port();
    }
    int discovery = 0;
    if (options.discoveryPort().isPresent()) {
      discovery = Probe.of(addresses, options.discoveryPort().getAsInt(), true, false).port();
    }
    ListeningPorts found =
        new ListeningPorts(addresses, List.copyOf(plain), options.udpOnly(), tls, discovery);
    found.checkDistinct();
    return found;
  }

  private static boolean tcp(TurnOptions options, int port) {
    return !options.udpOnly().contains(port);
  }

  /** Bound twice, a port would give half its clients to the one and half to the other. */
  private void checkDistinct() throws IOException {
    List<Integer> all = new ArrayList<>(plain);
    all.add(tls);
    all.add(discovery);
    Set<Integer> seen = new HashSet<>();
    for (int port : all) {
      if (port != 0 && !seen.add(port)) {
        throw new IOException("port " + port + " is asked for twice");
      }
    }
  }

  int main() {
    return plain.getFirst();
  }

  boolean hasTcp(int port) {
    return !udpOnly.contains(port);
  }

  /** All of them: no relay may be led back to one. */
  Set<Integer> all() {
    Set<Integer> all = new HashSet<>(plain);
    all.addAll(List.of(tls, discovery));
    all.remove(0);
    return all;
  }
}
