/** The server as a program: its command line, what it prints, and the metrics that others read. */
@NullMarked
package kith.turn.net.command;

import org.jspecify.annotations.NullMarked;
