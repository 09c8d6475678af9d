package kith.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was committed is there after {@code kill -9}. */
class KillTest {
  private static final int ROWS = 200;

  @TempDir Path folder;

  @Test
  void whatWasCommittedSurvivesAKill() throws IOException, InterruptedException {
    int committed = killAfter(ROWS);
    try (Database database = DatabaseKind.SQLITE.open(folder)) {
      int found =
          database.read(
              handle ->
                  handle.createQuery("SELECT count(*) FROM users").mapTo(Integer.class).one());
      assertTrue(found >= committed, found + " of " + committed);
      String integrity =
          database.read(
              handle -> handle.createQuery("PRAGMA integrity_check").mapTo(String.class).one());
      assertEquals("ok", integrity);
    }
  }

  /** The number of the last row whose commit was told. */
  private int killAfter(int rows) throws IOException, InterruptedException {
    Process writer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    int last = 0;
    try (BufferedReader told =
        new BufferedReader(
            new InputStreamReader(writer.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = told.readLine(); line != null; line = told.readLine()) {
        last = Integer.parseInt(line);
        if (last == rows) {
          writer.toHandle().destroyForcibly();
        }
      }
    }
    writer.waitFor();
    assertTrue(last >= rows, "the writer ended by itself after " + last);
    return last;
  }

  /** Inserts rows until it is killed, telling the number of each once it is committed. */
  static final class Writer {
    public static void main(String[] arguments) {
      Database database = DatabaseKind.SQLITE.open(Path.of(arguments[0]));
      for (int i = 1; ; i++) {
        int row = i;
        database.write(
            handle ->
                handle
                    .createUpdate(
                        """
                        INSERT INTO users (id, username, display_name, created_at)
                        VALUES (:id, :id, :id, 0)""")
                    .bind("id", "user" + row)
                    .execute());
        System.out.println(row);
      }
    }
  }
}
