package kith.database;

/** The database cannot be opened, and why, without the password. */
public final class DatabaseUnavailable extends Exception {
  DatabaseUnavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
