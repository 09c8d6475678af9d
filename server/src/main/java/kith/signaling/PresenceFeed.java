package kith.signaling;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;
import kith.auth.UserId;
import kith.call.running.Directory;
import kith.call.running.Mailbox;
import kith.call.running.Presence;
import kith.call.running.Timers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells people who share a circle whether the others can be called. What is said of one of them is
 * said in the mailbox of that one: nobody hears the older after the newer.
 */
final class PresenceFeed {
  /** Users are spread over this many mailboxes: what is told of one user stays in order. */
  private static final int LANES = 16;

  private static final Duration AGAIN_AFTER = Duration.ofSeconds(1);
  private static final int ATTEMPTS = 60;
  private static final Logger log = LoggerFactory.getLogger(PresenceFeed.class);

  private final ConnectedDevices devices;
  private final Presence presence;
  private final Directory directory;
  private final Timers timers;
  private final List<Mailbox> lanes;

  /** What was told last of whom is not offline. */
  private final Map<UserId, Presence.Status> told = new ConcurrentHashMap<>();

  PresenceFeed(
      ConnectedDevices devices,
      Presence presence,
      Directory directory,
      Timers timers,
      Executor executor) {
    this.devices = devices;
    this.presence = presence;
    this.directory = directory;
    this.timers = timers;
    this.lanes =
        IntStream.range(0, LANES)
            .mapToObj(lane -> new Mailbox(executor, Integer.MAX_VALUE))
            .toList();
  }

  /** Something may have changed for a user. */
  void changed(UserId user) {
    inLane(user, () -> tellOthers(user));
  }

  /** A device connected: it is told of everyone who is not offline. */
  void connected(UserId user, Line line) {
    inLane(
        user,
        () -> {
          tellOthers(user);
          directory
              .acquaintances(user)
              .forEach(other -> inLane(other, () -> tellIfThere(other, line)));
        });
  }

  /** Someone came to a circle: they and the others there are told of each other. */
  void acquainted(UserId user) {
    inLane(
        user,
        () -> {
          var own = ServerMessage.presence(user, presence.of(user));
          for (UserId other : directory.acquaintances(user)) {
            devices.tellAll(other, own);
            inLane(other, () -> tellOf(other, user));
          }
        });
  }

  /**
   * Someone left a circle: they and who shares none with them any more are gone for each other.
   *
   * @param others who else was in it
   */
  void parted(UserId user, Set<UserId> others) {
    inLane(
        user,
        () -> {
          Set<UserId> still = directory.acquaintances(user);
          for (UserId other : others) {
            if (!still.contains(other)) {
              devices.tellAll(other, ServerMessage.presence(user, Presence.Status.OFFLINE));
              inLane(other, () -> tellOf(other, user));
            }
          }
        });
  }

  /** Whether they share a circle may have changed once more by now. */
  private void tellOf(UserId other, UserId user) {
    boolean share = directory.acquaintances(user).contains(other);
    Presence.Status status = share ? presence.of(other) : Presence.Status.OFFLINE;
    devices.tellAll(user, ServerMessage.presence(other, status));
  }

  private void tellOthers(UserId user) {
    Presence.Status status = presence.of(user);
    if (status == told.getOrDefault(user, Presence.Status.OFFLINE)) {
      return;
    }
    Set<UserId> others = directory.acquaintances(user);
    if (status == Presence.Status.OFFLINE) {
      told.remove(user);
    } else {
      told.put(user, status);
    }
    var message = ServerMessage.presence(user, status);
    others.forEach(other -> devices.tellAll(other, message));
  }

  /** Who is in a call since the server died and came back was told of to nobody yet. */
  private void tellIfThere(UserId other, Line line) {
    tellOthers(other);
    Presence.Status status = presence.of(other);
    if (status != Presence.Status.OFFLINE) {
      var message = ServerMessage.presence(other, status);
      line.emit(message.event(), message.payload());
    }
  }

  private void inLane(UserId user, Runnable tells) {
    inLane(user, tells, ATTEMPTS);
  }

  /** What the database did not let it do is tried again: what changed once may stay as it is. */
  private void inLane(UserId user, Runnable tells, int attempts) {
    lanes
        .get(Math.floorMod(user.hashCode(), LANES))
        .put(
            () -> {
              try {
                tells.run();
              } catch (RuntimeException failed) {
                log.warn("nobody can be told of {} now", user, failed);
                if (attempts > 1) {
                  timers.after(AGAIN_AFTER, () -> inLane(user, tells, attempts - 1));
                }
              }
            });
  }
}
