@NullMarked
package kith.input;

import org.jspecify.annotations.NullMarked;
