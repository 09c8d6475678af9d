package kith.turn.net;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Follows what changes under a running server: addresses this machine gets (a laptop changes its
 * network more often than its server restarts) and the files of its certificate.
 */
final class Follower {
  private static final Logger LOG = System.getLogger("kith.turn");
  private static final long EVERY = 2_000;
  private static final long LONGEST_STOP = 1_000;

  private final Server server;
  private final Sites sites;
  private final boolean addresses;
  private final @Nullable Tls tls;
  private final Thread thread;
  private String toldOfAddresses = "";
  private String toldOfCertificate = "";

  /** Who is to serve at an address that is new. */
  interface Server {
    void serve(List<InetAddress> addresses) throws IOException;

    /** Which of these it does not serve at any more. */
    List<InetAddress> giveUp(List<InetAddress> gone);
  }

  /**
   * @param addresses whether the server is to serve at the addresses there are, whichever these are
   */
  Follower(Server server, Sites sites, boolean addresses, @Nullable Tls tls) {
    this.server = server;
    this.sites = sites;
    this.addresses = addresses;
    this.tls = tls;
    this.thread = Thread.ofPlatform().name("turn-follow").daemon(true).unstarted(this::run);
  }

  static Follower start(Server server, Sites sites, boolean addresses, @Nullable Tls tls) {
    Follower follower = new Follower(server, sites, addresses, tls);
    follower.thread.start();
    return follower;
  }

  /** Waits a moment for what it is at: sockets that it binds are for loops that still run. */
  void stop() {
    thread.interrupt();
    try {
      thread.join(LONGEST_STOP);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(EVERY);
        look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Looks at everything once. */
  void look() {
    followAddresses();
    if (tls != null) {
      followCertificate(tls);
    }
  }

  private void followAddresses() {
    try {
      sites.learn();
      if (addresses) {
        giveUp(sites.vanished());
        serve(sites.missing());
      }
      toldOfAddresses = "";
    } catch (IOException | RuntimeException e) {
      toldOfAddresses = tell("a new address cannot be listened on", e, toldOfAddresses);
    }
  }

  /** An IPv6 address for privacy lasts a day: each would leave sockets behind. */
  private void giveUp(List<InetAddress> gone) {
    List<InetAddress> left = gone.isEmpty() ? List.of() : server.giveUp(gone);
    if (!left.isEmpty()) {
      LOG.log(Level.INFO, "no STUN and TURN on " + left + " any more, which are gone");
    }
  }

  private void serve(List<InetAddress> fresh) throws IOException {
    if (fresh.isEmpty()) {
      return;
    }
    try {
      server.serve(fresh);
    } finally {
      List<InetAddress> served = fresh.stream().filter(sites::isServed).toList();
      if (!served.isEmpty()) {
        LOG.log(Level.INFO, "STUN and TURN on " + served + ", too");
      }
    }
  }

  private void followCertificate(Tls certificate) {
    try {
      if (certificate.reload()) {
        LOG.log(Level.INFO, "the relay's certificate was read again");
      }
      toldOfCertificate = "";
    } catch (IOException | RuntimeException e) {
      toldOfCertificate = tell("the relay keeps its certificate", e, toldOfCertificate);
    }
  }

  /** Tells what is wrong, once for as long as it stays the same. */
  private static String tell(String what, Exception why, String told) {
    String problem = what + ": " + (why instanceof IOException ? why.getMessage() : why);
    if (!problem.equals(told)) {
      LOG.log(Level.WARNING, problem);
    }
    return problem;
  }
}
