/**
 * Where everything is kept: SQLite in the data directory, or PostgreSQL by URL; the same SQL on
 * both.
 */
@NullMarked
package kith.database;

import org.jspecify.annotations.NullMarked;
