/** STUN messages (RFC 8489): read in place, written once. No state, no sockets. */
@NullMarked
package kith.turn.stun;

import org.jspecify.annotations.NullMarked;
