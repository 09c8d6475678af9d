/** Who someone is: accounts, passwords, sessions, tokens. */
@NullMarked
package kith.auth;

import org.jspecify.annotations.NullMarked;
