/**
 * Engine.IO protocol 4, pure: frames, requests and {@code now} in; frames, responses and events
 * out. No sockets, clocks, threads or randomness.
 *
 * @see <a href="https://github.com/socketio/engine.io-protocol">Engine.IO protocol</a>
 */
@NullMarked
package kith.socketio.engine;

import org.jspecify.annotations.NullMarked;
