package kith.socketio.protocol;

/**
 * What a packet from a client may hold.
 *
 * @param maxAttachments binary values in one packet
 * @param maxEventBytes a packet and its attachments together
 * @param maxJsonDepth nested arrays and objects
 * @param maxStringLength characters of one JSON string
 * @param maxNamespaceLength bytes of a namespace's name
 * @param maxConnectBytes bytes of a CONNECT packet, whose payload is kept while its socket lives
 */
public record PacketLimits(
    int maxAttachments,
    long maxEventBytes,
    int maxJsonDepth,
    int maxStringLength,
    int maxNamespaceLength,
    int maxConnectBytes) {}
