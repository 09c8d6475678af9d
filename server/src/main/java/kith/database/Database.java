package kith.database;

import com.zaxxer.hikari.HikariDataSource;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;

/**
 * The database, migrated. Blocking: call it from a virtual thread, never from an event loop.
 *
 * <p>SQLite has one writer at a time. Writers queue here, on a lock that parks a virtual thread,
 * and not inside SQLite, which would poll and hold a carrier thread while it does.
 */
public final class Database implements AutoCloseable {
  private final HikariDataSource source;
  private final Jdbi jdbi;
  private final Optional<ReentrantLock> singleWriter;

  private Database(HikariDataSource source, boolean manyWriters) {
    this.source = source;
    this.jdbi = Jdbi.create(source);
    this.singleWriter = manyWriters ? Optional.empty() : Optional.of(new ReentrantLock(true));
  }

  /**
   * @param url {@code postgresql://user:password@host:port/name}; without one, the embedded
   *     database in the data directory
   */
  public static Database open(Optional<URI> url, Path dataDirectory) throws DatabaseUnavailable {
    String where = url.map(URI::getHost).orElse(dataDirectory.toString());
    try {
      HikariDataSource source =
          new HikariDataSource(
              url.map(Pools::postgres).orElseGet(() -> Pools.sqlite(dataDirectory)));
      try {
        Flyway.configure().dataSource(source).load().migrate();
      } catch (FlywayException | Error failure) {
        source.close();
        throw failure;
      }
      return new Database(source, url.isPresent());
    } catch (RuntimeException failure) {
      throw new DatabaseUnavailable(
          "the database at " + where + " cannot be opened: " + rootMessage(failure), failure);
    }
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage()).strip().lines().findFirst().orElse("");
  }

  /** Runs queries. Each sees what was committed before it. */
  public <T extends @org.jspecify.annotations.Nullable Object> T read(
      HandleCallback<T, RuntimeException> queries) {
    return jdbi.withHandle(queries);
  }

  /** Runs a transaction: all of it is kept, or, when it throws, nothing. */
  public <T extends @org.jspecify.annotations.Nullable Object> T write(
      HandleCallback<T, RuntimeException> transaction) {
    singleWriter.ifPresent(ReentrantLock::lock);
    try {
      return jdbi.inTransaction(transaction);
    } finally {
      singleWriter.ifPresent(ReentrantLock::unlock);
    }
  }

  /** Whether it answers. */
  public boolean isHealthy() {
    try {
      return read(handle -> handle.createQuery("SELECT 1").mapTo(Integer.class).one()) == 1;
    } catch (RuntimeException down) {
      return false;
    }
  }

  @Override
  public void close() {
    source.close();
  }
}
