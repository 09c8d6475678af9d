/**
 * How what is sent in a namespace reaches the sockets of every node. In one process that is a
 * method call; an adapter for a bus between nodes carries {@link kith.socketio.adapter.Command}s as
 * bytes.
 */
@NullMarked
package kith.socketio.adapter;

import org.jspecify.annotations.NullMarked;
