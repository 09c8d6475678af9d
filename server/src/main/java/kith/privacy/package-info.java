/**
 * Keeps the network addresses of devices from the other side of a call. Pure: text in, text out.
 */
@NullMarked
package kith.privacy;

import org.jspecify.annotations.NullMarked;
