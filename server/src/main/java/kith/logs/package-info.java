/** Where log lines go: the console and a file that rolls. */
@NullMarked
package kith.logs;

import org.jspecify.annotations.NullMarked;
