/**
 * Runs calls: mailboxes, timers, who is connected, what is written down. The rules are {@code
 * kith.call}'s.
 */
@NullMarked
package kith.call.running;

import org.jspecify.annotations.NullMarked;
