package kith.turn.net.command;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** How values of options are read; what is wrong with one is said without quoting secrets. */
final class Values {
  private static final long LARGEST_FILE = 1 << 20;
  private static final double BYTES_OF_MBIT = 1_000_000 / 8.0;

  private Values() {}

  static int number(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("needs a number, not \"" + text + "\"", e);
    }
  }

  static int count(String text) {
    int count = number(text);
    if (count < 0) {
      throw new IllegalArgumentException("needs 0 or more, not " + count);
    }
    return count;
  }

  /** Megabits per second, such as 2.5, in bytes. */
  static long mbit(String text) {
    if (!text.matches("\\d{1,6}(\\.\\d{1,3})?")) {
      throw new IllegalArgumentException("needs Mbit/s such as 20 or 2.5, not \"" + text + "\"");
    }
    return Math.round(Double.parseDouble(text) * BYTES_OF_MBIT);
  }

  static Duration seconds(String text) {
    int seconds = number(text);
    if (seconds < 0) {
      throw new IllegalArgumentException("needs 0 seconds or more, not " + seconds);
    }
    return Duration.ofSeconds(seconds);
  }

  static boolean yes(String text) {
    return switch (text) {
      case "yes" -> true;
      case "no" -> false;
      default -> throw new IllegalArgumentException("needs yes or no, not \"" + text + "\"");
    };
  }

  static InetAddress address(String text) {
    try {
      return InetAddress.ofLiteral(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("needs an IP address, not \"" + text + "\"", e);
    }
  }

  static String[] parts(String text, String by, int count, String form) {
    String[] parts = text.split(by, count);
    if (parts.length != count) {
      throw new IllegalArgumentException("needs " + form);
    }
    return parts;
  }

  /** The lines of a file that are not empty. */
  static List<String> lines(String file) {
    try {
      Path path = Path.of(file);
      if (Files.size(path) > LARGEST_FILE) {
        throw new IllegalArgumentException("the file is larger than 1 MB: " + file);
      }
      List<String> lines =
          Files.readAllLines(path).stream()
              .map(String::strip)
              .filter(line -> !line.isEmpty())
              .toList();
      if (lines.isEmpty()) {
        throw new IllegalArgumentException("the file is empty: " + file);
      }
      return lines;
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException("there is no file " + file, e);
    } catch (IOException e) {
      throw new IllegalArgumentException("the file cannot be read: " + file, e);
    }
  }
}
