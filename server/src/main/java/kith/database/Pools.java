package kith.database;

import com.zaxxer.hikari.HikariConfig;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** How connections are made to each of the two databases. */
final class Pools {
  private static final int SQLITE_CONNECTIONS = 4;
  private static final int POSTGRES_CONNECTIONS = 10;
  private static final int POSTGRES_PORT = 5432;
  private static final long WAIT_MILLIS = 5_000;

  private Pools() {}

  /**
   * Write-ahead log, synced at every commit: what was answered survives kill -9 and a power cut
   * (docs/decisions/0001-embedded-database.md).
   */
  static HikariConfig sqlite(Path dataDirectory) {
    HikariConfig pool = pool(SQLITE_CONNECTIONS);
    pool.setJdbcUrl("jdbc:sqlite:" + dataDirectory.resolve("kith.db"));
    pool.addDataSourceProperty("journal_mode", "WAL");
    pool.addDataSourceProperty("synchronous", "FULL");
    pool.addDataSourceProperty("foreign_keys", "true");
    pool.addDataSourceProperty("busy_timeout", "5000");
    pool.addDataSourceProperty("transaction_mode", "IMMEDIATE");
    return pool;
  }

  static HikariConfig postgres(URI url) {
    HikariConfig pool = pool(POSTGRES_CONNECTIONS);
    int port = url.getPort() < 0 ? POSTGRES_PORT : url.getPort();
    String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
    pool.setJdbcUrl("jdbc:postgresql://" + url.getHost() + ":" + port + url.getRawPath() + query);
    if (url.getRawUserInfo() != null) {
      String[] userInfo = url.getRawUserInfo().split(":", 2);
      pool.setUsername(decoded(userInfo[0]));
      pool.setPassword(userInfo.length > 1 ? decoded(userInfo[1]) : "");
    }
    return pool;
  }

  private static HikariConfig pool(int connections) {
    HikariConfig pool = new HikariConfig();
    pool.setPoolName("kith");
    pool.setMaximumPoolSize(connections);
    pool.setMinimumIdle(1);
    pool.setConnectionTimeout(WAIT_MILLIS);
    return pool;
  }

  private static String decoded(String percentEncoded) {
    return URLDecoder.decode(percentEncoded.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
