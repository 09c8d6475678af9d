@NullMarked
package kith.socketio;

import org.jspecify.annotations.NullMarked;
