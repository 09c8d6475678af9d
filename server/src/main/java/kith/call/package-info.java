/** The rules of calls: pure. {@code kith.call.running} lives by them. */
@NullMarked
package kith.call;

import org.jspecify.annotations.NullMarked;
