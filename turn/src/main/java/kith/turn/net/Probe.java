package kith.turn.net;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds out, before anything is shared, that a port is free for UDP, and TCP, on every address:
 * sockets that share a port would sit down beside another server's without a word.
 *
 * @param addresses those that can be listened on
 * @param port the one asked for, or one that was free
 */
record Probe(List<InetAddress> addresses, int port) {
  private static final int MOST_TRIES = 20;

  /**
   * @param tcp whether it has to be free for TCP
   * @param lenient leaves out addresses that cannot be bound for another reason than that the port
   *     is taken
   * @param others ports that are this server's already
   */
  static Probe of(
      List<InetAddress> addresses, int port, boolean tcp, boolean lenient, Set<Integer> others)
      throws IOException {
    for (int i = 1; ; i++) {
      try {
        Probe found = once(addresses, port, tcp, lenient);
        if (others.contains(found.port())) {
          throw new IOException("port " + found.port() + " is this server's already");
        }
        return found;
      } catch (IOException e) {
        if (port != 0 || i == MOST_TRIES) {
          throw e;
        }
      }
    }
  }

  private static Probe once(List<InetAddress> addresses, int asked, boolean tcp, boolean lenient)
      throws IOException {
    List<AutoCloseable> sockets = new ArrayList<>();
    List<InetAddress> usable = new ArrayList<>();
    int port = asked;
    try {
      for (InetAddress address : addresses) {
        Integer bound = bind(address, port, tcp, lenient, sockets);
        if (bound != null) {
          port = bound;
          usable.add(address);
        }
      }
    } finally {
      sockets.forEach(NioEngine::closeQuietly);
    }
    if (usable.isEmpty()) {
      throw new IOException("there is no address to listen on");
    }
    return new Probe(usable, port);
  }

  private static @Nullable Integer bind(
      InetAddress address, int asked, boolean tcp, boolean lenient, List<AutoCloseable> sockets)
      throws IOException {
    int port = asked;
    try {
      DatagramChannel udp = DatagramChannel.open();
      sockets.add(udp);
      udp.bind(new InetSocketAddress(address, port));
      port = ((InetSocketAddress) udp.getLocalAddress()).getPort();
      if (tcp) {
        ServerSocketChannel streams = ServerSocketChannel.open();
        sockets.add(streams);
        streams.bind(new InetSocketAddress(address, port));
      }
      return port;
    } catch (BindException e) {
      boolean taken = String.valueOf(e.getMessage()).contains("in use");
      if (lenient && !taken) {
        return null;
      }
      String where = address.getHostAddress() + " port " + port;
      throw new IOException(
          taken
              ? where + " is taken by another program"
              : "cannot listen on " + where + ": " + e.getMessage(),
          e);
    }
  }
}
