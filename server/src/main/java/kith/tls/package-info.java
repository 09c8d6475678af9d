/** TLS on the same port as plain HTTP, and the certificate a server makes for itself. */
@NullMarked
package kith.tls;

import org.jspecify.annotations.NullMarked;
