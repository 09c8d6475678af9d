package kith.turn.net;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
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
    refuseTwice(options);
    boolean lenient = Interfaces.areFollowed(options.listen());
    List<InetAddress> meant = Interfaces.meantBy(options.listen(), Interfaces.addresses());
    int first = options.port();
    Probe main = Probe.of(meant, first, tcp(options, first), lenient, Set.of());
    List<InetAddress> addresses = main.addresses();
    Set<Integer> plain = new LinkedHashSet<>(Set.of(main.port()));
    for (int port : options.furtherPorts()) {
      plain.add(Probe.of(addresses, port, tcp(options, port), false, plain).port());
    }
    Set<Integer> taken = new HashSet<>(plain);
    int tls = 0;
    if (options.tls().isPresent()) {
      tls = Probe.of(addresses, options.tls().get().port(), true, false, taken).port();
      taken.add(tls);
    }
    int discovery = 0;
    if (options.discoveryPort().isPresent()) {
      discovery =
          Probe.of(addresses, options.discoveryPort().getAsInt(), true, false, taken).port();
    }
    return new ListeningPorts(addresses, List.copyOf(plain), options.udpOnly(), tls, discovery);
  }

  /** Bound twice, a port would give half its clients to the one and half to the other. */
  private static void refuseTwice(TurnOptions options) throws IOException {
    List<Integer> asked = new ArrayList<>(options.furtherPorts());
    asked.add(options.port());
    options.tls().ifPresent(tls -> asked.add(tls.port()));
    options.discoveryPort().ifPresent(asked::add);
    for (int port : asked) {
      if (port != 0 && Collections.frequency(asked, port) > 1) {
        throw new IOException("port " + port + " is asked for twice");
      }
    }
  }

  private static boolean tcp(TurnOptions options, int port) {
    return !options.udpOnly().contains(port);
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
