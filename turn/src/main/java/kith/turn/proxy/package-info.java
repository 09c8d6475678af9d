/** The PROXY protocol, by which a proxy says whose connection it passes on. */
@NullMarked
package kith.turn.proxy;

import org.jspecify.annotations.NullMarked;
