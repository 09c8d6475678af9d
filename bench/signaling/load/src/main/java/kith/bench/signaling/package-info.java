/** Starts the servers one after another, loads them over raw WebSockets and prints the table. */
@NullMarked
package kith.bench.signaling;

import org.jspecify.annotations.NullMarked;
