/**
 * A TURN server (RFC 8656) without sockets, clocks, threads or randomness of its own: packets and
 * {@code now} in, commands out. Start reading at {@link kith.turn.TurnCore}.
 */
@NullMarked
package kith.turn;

import org.jspecify.annotations.NullMarked;
