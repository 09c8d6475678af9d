/** JSON to and from plain values and records. */
@NullMarked
package kith.json;

import org.jspecify.annotations.NullMarked;
