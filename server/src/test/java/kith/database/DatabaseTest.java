package kith.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DatabaseTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void keepsWhatATransactionWrote(DatabaseKind kind) {
    try (Database database = kind.open(folder)) {
      database.write(handle -> insert(handle, "alice"));
      assertEquals(1, count(database));
    }
  }

  @ParameterizedTest
  @EnumSource
  void keepsNothingOfATransactionThatThrows(DatabaseKind kind) {
    try (Database database = kind.open(folder)) {
      assertThrows(
          IllegalStateException.class,
          () ->
              database.write(
                  handle -> {
                    insert(handle, "alice");
                    throw new IllegalStateException("changed my mind");
                  }));
      assertEquals(0, count(database));
    }
  }

  @ParameterizedTest
  @EnumSource
  void takesManyWritersAtOnce(DatabaseKind kind) {
    try (Database database = kind.open(folder)) {
      try (var writers = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < 50; i++) {
          String name = "user" + i;
          writers.execute(() -> database.write(handle -> insert(handle, name)));
        }
      }
      assertEquals(50, count(database));
    }
  }

  @Test
  void opensAgainWithWhatItHeld() {
    try (Database database = DatabaseKind.SQLITE.open(folder)) {
      database.write(handle -> insert(handle, "alice"));
    }
    try (Database database = DatabaseKind.SQLITE.open(folder)) {
      assertTrue(database.isHealthy());
      assertEquals(1, count(database));
    }
  }

  @Test
  void saysWhereItCannotConnectButNotThePassword() {
    Optional<URI> nowhere = Optional.of(URI.create("postgresql://kith:hunter2@127.0.0.1:1/kith"));
    var failure = assertThrows(DatabaseUnavailable.class, () -> Database.open(nowhere, folder));
    assertTrue(failure.getMessage().contains("127.0.0.1"), failure.getMessage());
    assertFalse(failure.getMessage().contains("hunter2"), failure.getMessage());
  }

  private static int insert(Handle handle, String username) {
    return handle
        .createUpdate(
            "INSERT INTO users (id, username, display_name, created_at) VALUES (:id, :id, :id, 0)")
        .bind("id", username)
        .execute();
  }

  private static int count(Database database) {
    return database.read(
        handle -> handle.createQuery("SELECT count(*) FROM users").mapTo(Integer.class).one());
  }
}
