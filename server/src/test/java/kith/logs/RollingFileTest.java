package kith.logs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RollingFileTest {
  @TempDir Path folder;

  @Test
  void aFullFileIsPutAsideAndTheOldestGoes() throws IOException {
    RollingFile log = new RollingFile(folder.resolve("server.log"), 1_000, 2);
    for (int i = 0; i < 100; i++) {
      log.publish(line("line " + i));
    }
    log.close();
    assertEquals(List.of("server.log", "server.log.1", "server.log.2"), names());
    assertTrue(Files.readString(folder.resolve("server.log")).contains("line 99"));
    for (String name : names()) {
      assertTrue(Files.size(folder.resolve(name)) <= 1_000);
    }
  }

  @Test
  void whatWasThereIsGoneOnWith() throws IOException {
    for (String text : List.of("before", "after")) {
      RollingFile log = new RollingFile(folder.resolve("server.log"), 1_000, 2);
      log.publish(line(text));
      log.close();
    }
    assertEquals(2, Files.readAllLines(folder.resolve("server.log")).size());
  }

  @Test
  void aLineIsOneLineAndHoldsNoToken() {
    String token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl";
    String text = new LineFormat().format(line("forged\n2026 ERROR all is lost " + token));
    assertEquals(1, text.lines().count());
    assertFalse(text.contains(token));
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static LogRecord line(String message) {
    LogRecord line = new LogRecord(Level.INFO, message);
    line.setLoggerName("kith.Test");
    return line;
  }
}
