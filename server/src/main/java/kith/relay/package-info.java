@NullMarked
package kith.relay;

import org.jspecify.annotations.NullMarked;
