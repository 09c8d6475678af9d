/** Socket.IO events to call events and back; nothing is decided here. */
@NullMarked
package kith.signaling;

import org.jspecify.annotations.NullMarked;
