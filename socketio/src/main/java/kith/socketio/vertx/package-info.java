/**
 * Puts a Socket.IO server on Vert.x: HTTP requests and WebSockets to the gateway, event loops as
 * they are.
 */
@NullMarked
package kith.socketio.vertx;

import org.jspecify.annotations.NullMarked;
