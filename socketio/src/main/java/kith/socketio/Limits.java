package kith.socketio;

import java.time.Duration;

/**
 * What one client, and all clients together, may cost. Start from {@link #defaults} and {@link
 * #change} what differs.
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

  private static void requirePositive(String name, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be positive, is " + value);
    }
  }

  public static Limits defaults() {
    return new Change().build();
  }

  /** These limits, to change some of them. */
  public Change change() {
    return new Change(this);
  }

  /** Limits in the making; the setters are those of {@link Limits}. */
  public static final class Change {
    private int maxPayload = 1_000_000;
    private int maxPacketsPerPayload = 4_096;
    private int maxAttachments = 64;
    private long maxEventBytes = 4_000_000;
    private int maxJsonDepth = 64;
    private int maxStringLength = 1_000_000;
    private int maxNamespaceLength = 256;
    private int maxNamespaces = 16;
    private int maxRefusals = 16;
    private int maxRooms = 256;
    private int maxPendingAcks = 1_000;
    private long maxOutboundBytes = 2_000_000;
    private int maxConnections = 100_000;
    private int maxUnconnected = 10_000;
    private Duration attachmentTimeout = Duration.ofSeconds(30);
    private Duration bodyTimeout = Duration.ofSeconds(15);
    private int maxConnectBytes = 16_384;

    private Change() {}

    private Change(Limits from) {
      maxPayload = from.maxPayload;
      maxPacketsPerPayload = from.maxPacketsPerPayload;
      maxAttachments = from.maxAttachments;
      maxEventBytes = from.maxEventBytes;
      maxJsonDepth = from.maxJsonDepth;
      maxStringLength = from.maxStringLength;
      maxNamespaceLength = from.maxNamespaceLength;
      maxNamespaces = from.maxNamespaces;
      maxRefusals = from.maxRefusals;
      maxRooms = from.maxRooms;
      maxPendingAcks = from.maxPendingAcks;
      maxOutboundBytes = from.maxOutboundBytes;
      maxConnections = from.maxConnections;
      maxUnconnected = from.maxUnconnected;
      attachmentTimeout = from.attachmentTimeout;
      bodyTimeout = from.bodyTimeout;
      maxConnectBytes = from.maxConnectBytes;
    }

    public Change maxPayload(int value) {
      maxPayload = value;
      return this;
    }

    public Change maxPacketsPerPayload(int value) {
      maxPacketsPerPayload = value;
      return this;
    }

    public Change maxAttachments(int value) {
      maxAttachments = value;
      return this;
    }

    public Change maxEventBytes(long value) {
      maxEventBytes = value;
      return this;
    }

    public Change maxJsonDepth(int value) {
      maxJsonDepth = value;
      return this;
    }

    public Change maxStringLength(int value) {
      maxStringLength = value;
      return this;
    }

    public Change maxNamespaceLength(int value) {
      maxNamespaceLength = value;
      return this;
    }

    public Change maxNamespaces(int value) {
      maxNamespaces = value;
      return this;
    }

    public Change maxRefusals(int value) {
      maxRefusals = value;
      return this;
    }

    public Change maxRooms(int value) {
      maxRooms = value;
      return this;
    }

    public Change maxPendingAcks(int value) {
      maxPendingAcks = value;
      return this;
    }

    public Change maxOutboundBytes(long value) {
      maxOutboundBytes = value;
      return this;
    }

    public Change maxConnections(int value) {
      maxConnections = value;
      return this;
    }

    public Change maxUnconnected(int value) {
      maxUnconnected = value;
      return this;
    }

    public Change attachmentTimeout(Duration value) {
      attachmentTimeout = value;
      return this;
    }

    public Change bodyTimeout(Duration value) {
      bodyTimeout = value;
      return this;
    }

    public Change maxConnectBytes(int value) {
      maxConnectBytes = value;
      return this;
    }

    /**
     * The limits.
     *
     * @throws IllegalArgumentException when one is not positive
     */
    public Limits build() {
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
          bodyTimeout,
          maxConnectBytes);
    }
  }
}
