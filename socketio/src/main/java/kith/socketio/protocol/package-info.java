/**
 * Socket.IO protocol 5, pure: packets to frames and back, JSON by streaming.
 *
 * @see <a href="https://github.com/socketio/socket.io-protocol">Socket.IO protocol</a>
 */
@NullMarked
package kith.socketio.protocol;

import org.jspecify.annotations.NullMarked;
