package kith.turn;

import java.util.List;
import kith.turn.stun.TransportAddress;

/** What happened, for a log: one event as an allocation begins, one as it ends. */
public sealed interface TurnEvent {
  long allocation();

  /**
   * @param user the quota's user, not the whole username
   */
  record Allocated(
      long allocation,
      String user,
      Transport transport,
      TransportAddress client,
      List<TransportAddress> relayed)
      implements TurnEvent {}

  /**
   * @param transport what lay between client and server last
   * @param seconds how long it lived
   */
  record Released(
      long allocation,
      String user,
      Transport transport,
      Reason reason,
      long seconds,
      long packetsFromClient,
      long bytesFromClient,
      long packetsToClient,
      long bytesToClient)
      implements TurnEvent {}

  /** Why an allocation ended. */
  enum Reason {
    RELEASED,
    EXPIRED,
    DISCONNECTED,
    SHUT_DOWN
  }
}
