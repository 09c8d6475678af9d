package kith.turn;

/** What the core asks of its shell. */
public sealed interface Command {

  /** Send this STUN message to the client. */
  record Reply(Flow flow, byte[] message) implements Command {}

  /**
   * Bind a socket for this relay, then say {@link TurnCore#opened} or {@link TurnCore#refused}.
   * {@code receiving} is false for a port that is only reserved: it is bound now and listened to
   * when it is adopted. Where {@link Relay#isTcp}, the socket is one that peers connect to: say
   * {@link TurnCore#accepted} for each.
   */
  record Open(Relay relay, boolean receiving) implements Command {}

  /**
   * Start to receive on a reserved relay: bound already, perhaps by another loop. Answer as to
   * {@link Open}.
   */
  record Adopt(Relay relay) implements Command {}

  /** Close the relay's socket. */
  record Close(Relay relay) implements Command {}

  /**
   * Another loop has this allocation: have {@code from} {@link TurnCore#yieldUp} it and stop to
   * receive on its relays, then receive on them here, {@link TurnCore#takeOver} it, and handle the
   * request again.
   */
  record Summon(TurnCore from, Allocation allocation, Flow flow, byte[] request)
      implements Command {}

  /**
   * Connect over TCP from the relayed address to {@link PeerConnection#wire}, then say {@link
   * TurnCore#connected} or {@link TurnCore#closed}.
   */
  record Connect(PeerConnection connection) implements Command {}

  /**
   * From now on whatever bytes come from the client's stream, beyond the request, go to the peer as
   * they are and the other way round, until either hangs up.
   */
  record Join(PeerConnection connection, Flow client) implements Command {}

  /** Close the connection with the peer, and the client's that is joined with it. */
  record HangUp(PeerConnection connection) implements Command {}

  /** Hand the stream under this flow to the loop of that core, to handle the request there. */
  record Move(Flow flow, TurnCore to, byte[] request) implements Command {}

  /**
   * This packet of a client is another loop's to handle, under the flow it has for the client:
   * where that {@link Flow#isServed}. Otherwise {@link TurnCore#letGo} of the flow here and handle
   * it here.
   */
  record PassOn(Flow from, Flow twin, TurnCore to, byte[] packet) implements Command {}

  /** Tell whoever keeps the log. */
  record Tell(TurnEvent event) implements Command {}
}
