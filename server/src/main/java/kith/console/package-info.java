/** What the person who starts the server reads in the terminal. */
@NullMarked
package kith.console;

import org.jspecify.annotations.NullMarked;
