package kith.socketio;

import java.time.Duration;
import java.util.function.BiPredicate;

/**
 * Connection-state recovery: a client whose connection broke and who comes back in time, to the
 * same node, gets its id, its rooms, its attachment and the messages it missed.
 *
 * @param maxDisconnection how long a client may be away
 * @param maxMessages messages kept in each namespace for those who are away
 * @param maxBytes bytes of those messages
 * @param maxSuspended clients away at one time in each namespace
 * @param maySucceed whether the client of the second handshake may have what the client of the
 *     first had; middleware has let it in already
 * @see <a href="https://socket.io/docs/v4/connection-state-recovery">connection state recovery</a>
 */
public record RecoveryOptions(
    Duration maxDisconnection,
    int maxMessages,
    long maxBytes,
    int maxSuspended,
    BiPredicate<Handshake, Handshake> maySucceed) {

  /**
   * Two minutes, 10,000 messages of 10 MB, 10,000 clients; whoever knows the secret recovery id
   * may.
   */
  public static RecoveryOptions defaults() {
    return new RecoveryOptions(
        Duration.ofMinutes(2), 10_000, 10_000_000, 10_000, (before, now) -> true);
  }

  public RecoveryOptions within(Duration maxDisconnection) {
    return new RecoveryOptions(maxDisconnection, maxMessages, maxBytes, maxSuspended, maySucceed);
  }

  public RecoveryOptions provided(BiPredicate<Handshake, Handshake> maySucceed) {
    return new RecoveryOptions(maxDisconnection, maxMessages, maxBytes, maxSuspended, maySucceed);
  }
}
