@NullMarked
package kith.turn;

import org.jspecify.annotations.NullMarked;
