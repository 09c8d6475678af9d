package kith.socketio.session;

/**
 * Times in milliseconds.
 *
 * @param connectTimeout how long a client may be in no namespace
 * @param attachmentTimeout how long a packet may wait for its attachments
 * @param maxNamespaces namespaces one client may be in, or ask for, at one time
 * @param maxRefusals refused CONNECTs before the client is closed
 */
public record SessionLimits(
    long connectTimeout, long attachmentTimeout, int maxNamespaces, int maxRefusals) {}
