package kith.settings;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;

/** The folder everything is kept in: one server at a time, readable by its owner only. */
public final class DataDirectory implements AutoCloseable {
  private static final int SECRET_BYTES = 48;

  private final Path path;
  private final FileChannel lock;

  private DataDirectory(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  /**
   * Makes the folder if need be and takes it for this process.
   *
   * @throws Unusable if it cannot be written or another server has it
   */
  public static DataDirectory open(Path path) throws Unusable {
    try {
      Files.createDirectories(path);
      restrict(path, "rwx------");
      FileChannel channel =
          FileChannel.open(
              path.resolve("kith.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!taken(channel)) {
        channel.close();
        throw new Unusable("another Kith server is using " + path, null);
      }
      return new DataDirectory(path, channel);
    } catch (IOException failure) {
      throw new Unusable(
          "the data directory cannot be written: " + path + " (" + reason(failure) + ")", failure);
    }
  }

  private static boolean taken(FileChannel channel) throws IOException {
    try {
      FileLock held = channel.tryLock();
      return held != null;
    } catch (OverlappingFileLockException ours) {
      return false;
    }
  }

  public Path path() {
    return path;
  }

  /** A secret kept in this folder, made at its first use. */
  public String secret(String name) throws Unusable {
    Path file = path.resolve(name);
    try {
      if (Files.notExists(file)) {
        byte[] random = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(random);
        writePrivate(file, Base64.getUrlEncoder().withoutPadding().encodeToString(random) + "\n");
      }
      String secret = Files.readString(file).strip();
      if (secret.length() < SECRET_BYTES) {
        throw new Unusable(
            "the secret in " + file + " is damaged; delete the file to make another", null);
      }
      return secret;
    } catch (IOException failure) {
      throw new Unusable(
          "the secret in " + file + " cannot be read or made (" + reason(failure) + ")", failure);
    }
  }

  /** Writes a file only the owner can read, whole or not at all. */
  public static void writePrivate(Path file, String content) throws IOException {
    Path draft = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(draft);
    Files.createFile(draft);
    restrict(draft, "rw-------");
    Files.writeString(draft, content);
    Files.move(draft, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
  }

  private static void restrict(Path path, String permissions) throws IOException {
    if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }
  }

  private static String reason(IOException failure) {
    return failure instanceof FileSystemException file && file.getReason() != null
        ? file.getReason()
        : failure.getClass().getSimpleName();
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException alreadyGone) {
      // The lock ends with the process at the latest.
    }
  }

  /** The folder cannot be used, and why. */
  public static final class Unusable extends Exception {
    public Unusable(String message, @org.jspecify.annotations.Nullable Throwable cause) {
      super(message, cause);
    }
  }
}
