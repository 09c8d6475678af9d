@NullMarked
package kith.auth;

import org.jspecify.annotations.NullMarked;
