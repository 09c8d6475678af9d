package kith.socketio;

import java.time.Duration;

/**
 * What one client, and all clients together, may cost. Start from {@link #defaults} and change what
 * differs.
 *
 * @param maxPayload bytes of the largest WebSocket message or polling body from a client
 * @param maxPacketsPerPayload packets in one polling body
 * @param maxAttachments binary values in one packet
 * @param maxEventBytes bytes of a packet with its attachments
 * @param maxJsonDepth nested arrays and objects
 * @param maxStringLength characters of one JSON string
 * @param maxNamespaceLength bytes of a namespace's name
 * @param maxNamespaces namespaces one client may be in at one time
 * @param maxRefusals refused CONNECTs before a client is closed
 * @param maxRooms rooms one socket may be in
 * @param maxPendingAcks acknowledgements one socket may owe at one time
 * @param maxOutboundBytes bytes that may wait for a client that does not read; then it is closed
 * @param maxConnections clients at one time
 * @param maxUnconnected clients at one time that are in no namespace
 * @param attachmentTimeout how long a packet may wait for its attachments
 * @param bodyTimeout how long a polling body may take to arrive
 * @param maxConnectBytes bytes of a CONNECT packet, whose payload is kept while its socket lives
 */
public record Limits(
    int maxPayload,
    int maxPacketsPerPayload,
    int maxAttachments,
    long maxEventBytes,
    int maxJsonDepth,
    int maxStringLength,
    int maxNamespaceLength,
    int maxNamespaces,
    int maxRefusals,
    int maxRooms,
    int maxPendingAcks,
    long maxOutboundBytes,
    int maxConnections,
    int maxUnconnected,
    Duration attachmentTimeout,
    Duration bodyTimeout,
    int maxConnectBytes) {

  private static final Duration BODY_TIMEOUT = Duration.ofSeconds(15);
  private static final int MAX_CONNECT_BYTES = 16_384;

  public Limits {
    requirePositive("maxPayload", maxPayload);
    requirePositive("maxPacketsPerPayload", maxPacketsPerPayload);
    requirePositive("maxAttachments", maxAttachments);
    requirePositive("maxEventBytes", maxEventBytes);
    requirePositive("maxJsonDepth", maxJsonDepth);
    requirePositive("maxStringLength", maxStringLength);
    requirePositive("maxNamespaceLength", maxNamespaceLength);
    requirePositive("maxNamespaces", maxNamespaces);
    requirePositive("maxRefusals", maxRefusals);
    requirePositive("maxRooms", maxRooms);
    requirePositive("maxPendingAcks", maxPendingAcks);
    requirePositive("maxOutboundBytes", maxOutboundBytes);
    requirePositive("maxConnections", maxConnections);
    requirePositive("maxUnconnected", maxUnconnected);
    requirePositive("attachmentTimeout", attachmentTimeout.toMillis());
    requirePositive("bodyTimeout", bodyTimeout.toMillis());
    requirePositive("maxConnectBytes", maxConnectBytes);
  }

  /** With the default {@code bodyTimeout} and {@code maxConnectBytes}. */
  public Limits(
      int maxPayload,
      int maxPacketsPerPayload,
      int maxAttachments,
      long maxEventBytes,
      int maxJsonDepth,
      int maxStringLength,
      int maxNamespaceLength,
      int maxNamespaces,
      int maxRefusals,
      int maxRooms,
      int maxPendingAcks,
      long maxOutboundBytes,
      int maxConnections,
      int maxUnconnected,
      Duration attachmentTimeout) {
    this(
        maxPayload,
        maxPacketsPerPayload,
        maxAttachments,
        maxEventBytes,
        maxJsonDepth,
        maxStringLength,
        maxNamespaceLength,
        maxNamespaces,
        maxRefusals,
        maxRooms,
        maxPendingAcks,
        maxOutboundBytes,
        maxConnections,
        maxUnconnected,
        attachmentTimeout,
        BODY_TIMEOUT,
        MAX_CONNECT_BYTES);
  }

  private static void requirePositive(String name, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be positive, is " + value);
    }
  }

  public static Limits defaults() {
    return new Limits(
        1_000_000,
        4_096,
        64,
        4_000_000,
        64,
        1_000_000,
        256,
        16,
        16,
        256,
        1_000,
        2_000_000,
        100_000,
        10_000,
        Duration.ofSeconds(30));
  }

  public Limits withMaxPayload(int bytes) {
    return new Limits(
        bytes,
        maxPacketsPerPayload,
        maxAttachments,
        maxEventBytes,
        maxJsonDepth,
        maxStringLength,
        maxNamespaceLength,
        maxNamespaces,
        maxRefusals,
        maxRooms,
        maxPendingAcks,
        maxOutboundBytes,
        maxConnections,
        maxUnconnected,
        attachmentTimeout,
        bodyTimeout,
        maxConnectBytes);
  }

  public Limits withMaxOutboundBytes(long bytes) {
    return new Limits(
        maxPayload,
        maxPacketsPerPayload,
        maxAttachments,
        maxEventBytes,
        maxJsonDepth,
        maxStringLength,
        maxNamespaceLength,
        maxNamespaces,
        maxRefusals,
        maxRooms,
        maxPendingAcks,
        bytes,
        maxConnections,
        maxUnconnected,
        attachmentTimeout,
        bodyTimeout,
        maxConnectBytes);
  }

  public Limits withMaxConnections(int all, int unconnected) {
    return new Limits(
        maxPayload,
        maxPacketsPerPayload,
        maxAttachments,
        maxEventBytes,
        maxJsonDepth,
        maxStringLength,
        maxNamespaceLength,
        maxNamespaces,
        maxRefusals,
        maxRooms,
        maxPendingAcks,
        maxOutboundBytes,
        all,
        unconnected,
        attachmentTimeout,
        bodyTimeout,
        maxConnectBytes);
  }

  public Limits withBodyTimeout(Duration time) {
    return new Limits(
        maxPayload,
        maxPacketsPerPayload,
        maxAttachments,
        maxEventBytes,
        maxJsonDepth,
        maxStringLength,
        maxNamespaceLength,
        maxNamespaces,
        maxRefusals,
        maxRooms,
        maxPendingAcks,
        maxOutboundBytes,
        maxConnections,
        maxUnconnected,
        attachmentTimeout,
        time,
        maxConnectBytes);
  }
}
