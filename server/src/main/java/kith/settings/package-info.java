/** What the operator decides: environment variables, checked as a whole before anything starts. */
@NullMarked
package kith.settings;

import org.jspecify.annotations.NullMarked;
