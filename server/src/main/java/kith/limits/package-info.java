/** How often something may happen, per key, in bounded memory. */
@NullMarked
package kith.limits;

import org.jspecify.annotations.NullMarked;
