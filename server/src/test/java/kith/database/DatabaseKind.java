package kith.database;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** Both databases a test runs on: {@code @ParameterizedTest @EnumSource}. */
public enum DatabaseKind {
  SQLITE,
  POSTGRES;

  /** A new, empty, migrated database. */
  public Database open(Path folder) {
    try {
      return Database.open(url(), folder);
    } catch (DatabaseUnavailable failure) {
      throw new IllegalStateException(failure);
    }
  }

  public Optional<URI> url() {
    return this == SQLITE ? Optional.empty() : Optional.of(PostgresServer.newDatabase());
  }
}
