package kith.turn;

/**
 * What one server is told: the same for all its loops.
 *
 * @param realm the realm of its long-term credentials
 * @param credentials who may use it
 * @param mobility whether RFC 8016 is offered
 * @param tcpRelays whether RFC 6062 is offered
 */
public record TurnSettings(
    String realm,
    Credentials credentials,
    PeerPolicy peers,
    Lifetimes lifetimes,
    Limits limits,
    boolean mobility,
    boolean tcpRelays) {}
