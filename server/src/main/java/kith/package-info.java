@NullMarked
package kith;

import org.jspecify.annotations.NullMarked;
