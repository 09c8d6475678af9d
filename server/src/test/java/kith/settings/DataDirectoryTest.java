package kith.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import kith.settings.DataDirectory.Unusable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
  @TempDir Path folder;

  @Test
  void aSecretIsMadeOnceAndKeptFromOthers() throws Unusable, IOException {
    String secret;
    try (DataDirectory data = DataDirectory.open(folder.resolve("data"))) {
      secret = data.secret("jwt-secret");
      assertEquals(64, secret.length());
    }
    try (DataDirectory data = DataDirectory.open(folder.resolve("data"))) {
      assertEquals(secret, data.secret("jwt-secret"));
    }
    var permissions = Files.getPosixFilePermissions(folder.resolve("data/jwt-secret"));
    assertEquals("rw-------", PosixFilePermissions.toString(permissions));
  }

  @Test
  void aDamagedSecretIsToldAndNotReplaced() throws Unusable, IOException {
    Files.writeString(folder.resolve("jwt-secret"), "short");
    try (DataDirectory data = DataDirectory.open(folder)) {
      var refused = assertThrows(Unusable.class, () -> data.secret("jwt-secret"));
      assertTrue(String.valueOf(refused.getMessage()).contains("damaged"));
    }
    assertEquals("short", Files.readString(folder.resolve("jwt-secret")));
  }

  @Test
  void oneServerAtATime() throws Unusable {
    try (DataDirectory held = DataDirectory.open(folder)) {
      var refused = assertThrows(Unusable.class, () -> DataDirectory.open(held.path()));
      assertTrue(String.valueOf(refused.getMessage()).contains("another Kith server"));
    }
    DataDirectory.open(folder).close();
  }

  @Test
  void aFolderThatCannotBeMadeIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    var refused = assertThrows(Unusable.class, () -> DataDirectory.open(file.resolve("data")));
    assertTrue(String.valueOf(refused.getMessage()).contains(file.toString()));
  }
}
