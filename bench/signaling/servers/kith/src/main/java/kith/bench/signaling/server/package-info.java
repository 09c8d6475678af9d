/** The relay on kith-socketio. */
@NullMarked
package kith.bench.signaling.server;

import org.jspecify.annotations.NullMarked;
