/** The STUN and TURN servers clients are told of, and the embedded one. */
@NullMarked
package kith.relay;

import org.jspecify.annotations.NullMarked;
