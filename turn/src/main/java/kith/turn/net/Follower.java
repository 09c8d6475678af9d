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

  private final TurnServer server;
  private final Sites sites;
  private final boolean addresses;
  private final @Nullable Tls tls;
  private final Thread thread;

  private Follower(TurnServer server, Sites sites, boolean addresses, @Nullable Tls tls) {
    this.server = server;
    this.sites = sites;
    this.addresses = addresses;
    this.tls = tls;
    this.thread = Thread.ofPlatform().name("turn-follow").daemon(true).unstarted(this::run);
  }

  static Follower start(TurnServer server, Sites sites, boolean addresses, @Nullable Tls tls) {
    Follower follower = new Follower(server, sites, addresses, tls);
    follower.thread.start();
    return follower;
  }

  void stop() {
    thread.interrupt();
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(EVERY);
        if (addresses) {
          followAddresses();
        }
        if (tls != null) {
          followCertificate(tls);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void followAddresses() {
    try {
      List<InetAddress> fresh = sites.missing();
      if (!fresh.isEmpty()) {
        server.serve(fresh);
        LOG.log(Level.INFO, "STUN and TURN on " + fresh + ", too");
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "a new address cannot be listened on: " + e.getMessage());
    }
  }

  private static void followCertificate(Tls tls) {
    try {
      if (tls.reload()) {
        LOG.log(Level.INFO, "the relay's certificate was read again");
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "the relay keeps its certificate: " + e.getMessage());
    }
  }
}
