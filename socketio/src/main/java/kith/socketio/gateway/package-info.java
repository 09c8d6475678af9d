/**
 * Runs Engine.IO sessions on the event loops of any web server: one turn at a time for each
 * session, on the loop that owns its connection. A web server is joined by implementing {@link
 * kith.socketio.gateway.Loop}, {@link kith.socketio.engine.Exchange} and {@link
 * kith.socketio.engine.Link} and handing requests to {@link kith.socketio.gateway.Gateway}.
 */
@NullMarked
package kith.socketio.gateway;

import org.jspecify.annotations.NullMarked;
