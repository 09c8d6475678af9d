@NullMarked
package kith.circle;

import org.jspecify.annotations.NullMarked;
