package kith.call.running;

import java.time.Instant;

/**
 * One connection of a phone with the server: what is said arrives in order, after a while of its
 * own, or never, when the connection died and nobody has noticed yet.
 */
final class SimulatedLink {
  final SimulatedDevice phone;
  final SimulatedServer server;

  /** No other has it. */
  final long number;

  private final SimulatedWorld world;
  private final int slowestMillis;
  private Instant lastUp = VirtualTime.BEGINNING;
  private Instant lastDown = VirtualTime.BEGINNING;
  private boolean dead;
  private boolean closedByPhone;
  private boolean closedByServer;

  SimulatedLink(SimulatedDevice phone, SimulatedServer server, SimulatedWorld world) {
    this.phone = phone;
    this.server = server;
    this.world = world;
    this.number = world.nextLink();
    this.slowestMillis = world.oneOf(5, 5, 50, 400, 2_000);
  }

  /** The phone says something. */
  void up(Runnable atServer) {
    lastUp = later(lastUp, arrival());
    world.time.at(
        lastUp,
        () -> {
          if (!dead && !closedByServer && server.isAlive()) {
            atServer.run();
          }
        });
  }

  /** The server says something; what it said before it died is on its way. */
  void down(Runnable atPhone) {
    lastDown = later(lastDown, arrival());
    world.time.at(
        lastDown,
        () -> {
          if (!dead && !closedByPhone) {
            atPhone.run();
          }
        });
  }

  /** Nothing gets through from now on, and each side notices when it notices. */
  void dies() {
    dead = true;
    world.time.after(world.between(200, 30_000), () -> phone.lost(this));
    world.time.after(world.between(500, 45_000), () -> server.gone(this));
  }

  void closedByPhone() {
    if (!closedByPhone) {
      up(() -> server.gone(this));
      closedByPhone = true;
    }
  }

  void closedByServer() {
    if (!closedByServer) {
      closedByServer = true;
      down(() -> phone.lost(this));
    }
  }

  boolean isDead() {
    return dead;
  }

  private Instant arrival() {
    return world.time.instant().plus(world.between(1, slowestMillis));
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }
}
