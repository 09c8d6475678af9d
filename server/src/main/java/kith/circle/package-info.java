/** Circles of people who may call each other, their members and invites. */
@NullMarked
package kith.circle;

import org.jspecify.annotations.NullMarked;
