package kith.socketio;

/** Why a socket ended; {@link #wireName} is the text the reference implementation reports. */
public enum DisconnectReason {
  /** The client left this namespace. */
  CLIENT_NAMESPACE_DISCONNECT("client namespace disconnect"),
  /** {@link Socket#disconnect} put the client out of this namespace. */
  SERVER_NAMESPACE_DISCONNECT("server namespace disconnect"),
  /** The client closed its connection, or it ended. */
  TRANSPORT_CLOSE("transport close"),
  /** The connection broke. */
  TRANSPORT_ERROR("transport error"),
  /** The client did not answer a ping in time. */
  PING_TIMEOUT("ping timeout"),
  /** The client sent what the protocol does not allow. */
  PARSE_ERROR("parse error"),
  /** The server closed the connection. */
  FORCED_SERVER_CLOSE("forced server close"),
  /** The client did not read, and its outbound queue is full. */
  SLOW_READER("slow reader"),
  /** The server is going away. */
  SERVER_SHUTTING_DOWN("server shutting down");

  private final String wireName;

  DisconnectReason(String wireName) {
    this.wireName = wireName;
  }

  public String wireName() {
    return wireName;
  }
}
