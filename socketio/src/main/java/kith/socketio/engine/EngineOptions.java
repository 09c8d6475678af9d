package kith.socketio.engine;

/**
 * Times in milliseconds, sizes in bytes.
 *
 * @param pingInterval from a pong to the next ping
 * @param pingTimeout from a ping to the end of a session that does not answer
 * @param upgradeTimeout from the opening of a second transport to its end, unless it completes the
 *     upgrade
 * @param closeTimeout how long a closed polling session waits for the poll that tells the client
 * @param bodyTimeout how long the body of a POST may take to arrive
 * @param maxPayload the largest frame or body a client may send; told to the client in the
 *     handshake
 * @param maxPacketsPerPayload the most packets in one body
 * @param maxOutboundBytes the most that waits for a client that does not read, beyond one message
 */
public record EngineOptions(
    long pingInterval,
    long pingTimeout,
    long upgradeTimeout,
    long closeTimeout,
    long bodyTimeout,
    int maxPayload,
    int maxPacketsPerPayload,
    long maxOutboundBytes) {

  /**
   * The first packet to a client.
   *
   * @param upgrades a JSON array of transports
   * @see <a href="https://github.com/socketio/engine.io-protocol#handshake">handshake</a>
   */
  String openPacket(String id, String upgrades) {
    return "0{\"sid\":\"%s\",\"upgrades\":%s,\"pingInterval\":%d,\"pingTimeout\":%d,\"maxPayload\":%d}"
        .formatted(id, upgrades, pingInterval, pingTimeout, maxPayload);
  }
}
