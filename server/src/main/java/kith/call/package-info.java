@NullMarked
package kith.call;

import org.jspecify.annotations.NullMarked;
