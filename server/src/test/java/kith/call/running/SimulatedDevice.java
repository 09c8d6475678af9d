package kith.call.running;

import java.time.Duration;
import java.time.Instant;
import kith.call.CallMessage;
import kith.call.Endpoint;

/** A device that keeps a connection with the server, loses it, and comes back. */
abstract class SimulatedDevice {
  final Endpoint at;
  final SimulatedWorld world;
  private boolean hasNetwork = true;
  private SimulatedLink link;
  private SimulatedLink dialling;
  private Instant connectedAt = VirtualTime.BEGINNING;

  SimulatedDevice(Endpoint at, SimulatedWorld world) {
    this.at = at;
    this.world = world;
  }

  /** It is connected, be it for the first time or again. */
  abstract void comesBack();

  abstract void hears(CallMessage message, long number, SimulatedServer from);

  /** The connection it believes to have; null if it has none. */
  SimulatedLink link() {
    return link;
  }

  /** Nothing that was said on this connection can have been lost. */
  boolean hearsOn(SimulatedLink one) {
    return one != null && one == link && !one.isDead() && one.server.isAlive();
  }

  boolean isConnectedSince(Duration ago) {
    return hearsOn(link) && world.time.instant().isAfter(connectedAt.plus(ago));
  }

  void dials() {
    if (!hasNetwork || link != null || dialling != null) {
      return;
    }
    SimulatedServer server = world.server();
    if (!server.isAlive()) {
      dialsLater();
      return;
    }
    var attempt = new SimulatedLink(this, server, world);
    dialling = attempt;
    attempt.up(() -> server.accept(attempt));
    world.time.after(
        Duration.ofSeconds(10),
        () -> {
          if (dialling == attempt) {
            lost(attempt);
          }
        });
  }

  private void dialsLater() {
    world.time.after(world.between(200, 3_000), this::dials);
  }

  void connected(SimulatedLink by) {
    if (by == dialling) {
      world.tell(() -> at.device() + " is connected");
      dialling = null;
      link = by;
      connectedAt = world.time.instant();
      comesBack();
    }
  }

  /** It notices that a connection is gone. */
  void lost(SimulatedLink one) {
    if (one == link || one == dialling) {
      world.tell(() -> at.device() + " misses the server");
      one.closedByPhone();
      link = null;
      dialling = null;
      dialsLater();
    }
  }

  /** Its connection dies, and nobody notices. */
  void goesDeaf() {
    if (link != null && !link.isDead()) {
      world.count("went deaf");
      world.tell(() -> at.device() + " goes deaf");
      link.dies();
    }
  }

  void losesItsNetworkFor(Duration howLong) {
    world.tell(() -> at.device() + " has no network for " + howLong);
    hasNetwork = false;
    if (link != null) {
      lost(link);
    }
    world.time.after(howLong, this::hasNetworkAgain);
  }

  void hasNetworkAgain() {
    hasNetwork = true;
    dials();
  }
}
