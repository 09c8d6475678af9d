/** What is told of calls over HTTP once they are over. */
@NullMarked
package kith.history;

import org.jspecify.annotations.NullMarked;
