package kith.signaling;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;
import kith.auth.UserId;
import kith.call.running.Directory;
import kith.call.running.Mailbox;
import kith.call.running.Presence;

/**
 * Tells people who share a circle whether the others can be called. What is said of one of them is
 * said in the mailbox of that one: nobody hears the older after the newer.
 */
final class PresenceFeed {
  /** Users are spread over this many mailboxes: what is told of one user stays in order. */
  private static final int LANES = 16;

  private final ConnectedDevices devices;
  private final Presence presence;
  private final Directory directory;
  private final List<Mailbox> lanes;

  /** What was told last of whom is not offline. */
  private final Map<UserId, Presence.Status> told = new ConcurrentHashMap<>();

  PresenceFeed(
      ConnectedDevices devices, Presence presence, Directory directory, Executor executor) {
    this.devices = devices;
    this.presence = presence;
    this.directory = directory;
    this.lanes =
        IntStream.range(0, LANES)
            .mapToObj(lane -> new Mailbox(executor, Integer.MAX_VALUE))
            .toList();
  }

  /** Something may have changed for a user. */
  void changed(UserId user) {
    lane(user).put(() -> tellOthers(user));
  }

  /** A device connected: it is told of everyone who is not offline. */
  void connected(UserId user, Line line) {
    lane(user)
        .put(
            () -> {
              tellOthers(user);
              directory
                  .acquaintances(user)
                  .forEach(other -> lane(other).put(() -> tellIfThere(other, line)));
            });
  }

  /** Someone came to a circle: they and the others there are told of each other. */
  void acquainted(UserId user) {
    lane(user)
        .put(
            () -> {
              var own = ServerMessage.presence(user, presence.of(user));
              for (UserId other : directory.acquaintances(user)) {
                devices.tellAll(other, own);
                lane(other).put(() -> tellOf(other, user));
              }
            });
  }

  private void tellOf(UserId other, UserId user) {
    devices.tellAll(user, ServerMessage.presence(other, presence.of(other)));
  }

  private void tellOthers(UserId user) {
    Presence.Status status = presence.of(user);
    Presence.Status before =
        status == Presence.Status.OFFLINE ? told.remove(user) : told.put(user, status);
    boolean same = before == null ? status == Presence.Status.OFFLINE : before == status;
    if (!same) {
      var message = ServerMessage.presence(user, status);
      directory.acquaintances(user).forEach(other -> devices.tellAll(other, message));
    }
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

  private Mailbox lane(UserId user) {
    return lanes.get(Math.floorMod(user.hashCode(), LANES));
  }
}
