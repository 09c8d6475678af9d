package kith.logs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.logging.ErrorManager;
import java.util.logging.Handler;
import java.util.logging.LogRecord;

/**
 * Writes to one file; when that is full it becomes {@code <name>.1}, what was 1 becomes 2, and the
 * oldest goes.
 */
final class RollingFile extends Handler {
  private final Path file;
  private final long maxBytes;
  private final int oldFiles;
  private FileChannel channel;
  private long size;

  /**
   * @param maxBytes after which the file is rolled
   * @param oldFiles how many are kept besides it
   */
  RollingFile(Path file, long maxBytes, int oldFiles) throws IOException {
    this.file = file;
    this.maxBytes = maxBytes;
    this.oldFiles = oldFiles;
    this.channel = open();
    this.size = channel.size();
    setFormatter(new LineFormat());
  }

  @Override
  public synchronized void publish(LogRecord logged) {
    if (!isLoggable(logged)) {
      return;
    }
    byte[] line = getFormatter().format(logged).getBytes(StandardCharsets.UTF_8);
    try {
      if (size > 0 && size + line.length > maxBytes) {
        roll();
      }
      channel.write(ByteBuffer.wrap(line));
      size += line.length;
    } catch (IOException failure) {
      reportError("The log cannot be written", failure, ErrorManager.WRITE_FAILURE);
    }
  }

  private void roll() throws IOException {
    channel.close();
    for (int age = oldFiles; age >= 1; age--) {
      Path younger = age == 1 ? file : aged(age - 1);
      if (Files.exists(younger)) {
        Files.move(younger, aged(age), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    channel = open();
    size = channel.size();
  }

  private Path aged(int age) {
    return file.resolveSibling(file.getFileName() + "." + age);
  }

  private FileChannel open() throws IOException {
    return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** Nothing is held back. */
  @Override
  public void flush() {}

  @Override
  public synchronized void close() {
    try {
      channel.close();
    } catch (IOException failure) {
      reportError("The log cannot be closed", failure, ErrorManager.CLOSE_FAILURE);
    }
  }
}
