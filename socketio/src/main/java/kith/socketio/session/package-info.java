/**
 * What one client may do when: which namespaces it asked for, is in, or has left. Pure: messages
 * and {@code now} in, events out.
 */
@NullMarked
package kith.socketio.session;

import org.jspecify.annotations.NullMarked;
