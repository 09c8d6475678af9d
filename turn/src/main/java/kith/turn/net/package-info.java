/**
 * The shell: the only package that opens sockets, reads clocks or starts threads. Start at {@link
 * kith.turn.net.TurnServer}.
 */
@NullMarked
package kith.turn.net;

import org.jspecify.annotations.NullMarked;
