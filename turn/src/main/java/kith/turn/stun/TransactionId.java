package kith.turn.stun;

/** The 96 bits that tie a response to its request (RFC 8489 §5). */
public record TransactionId(int high, long low) {}
