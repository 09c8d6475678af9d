package kith.logs;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.regex.Pattern;

/** One line a record: when, how bad, who, what; then the stack trace, if there is one. */
final class LineFormat extends Formatter {
  /** A JWT. None should come this far; one that does goes no further. */
  private static final Pattern TOKEN = Pattern.compile("eyJ[\\w-]{8,}\\.[\\w-]+\\.[\\w-]*");

  private static final Pattern LINE_BREAKS = Pattern.compile("[\\r\\n]+");

  @Override
  public String format(LogRecord logged) {
    String time =
        DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
            logged.getInstant().truncatedTo(ChronoUnit.MILLIS).atZone(ZoneId.systemDefault()));
    String message = LINE_BREAKS.matcher(formatMessage(logged)).replaceAll(" | ");
    StringWriter line = new StringWriter();
    line.append(time).append(' ').append(level(logged.getLevel())).append(' ');
    line.append(shortName(String.valueOf(logged.getLoggerName()))).append(": ").append(message);
    line.append('\n');
    if (logged.getThrown() != null) {
      logged.getThrown().printStackTrace(new PrintWriter(line));
    }
    return TOKEN.matcher(line.toString()).replaceAll("[token]");
  }

  private static String level(Level level) {
    if (level.intValue() >= Level.SEVERE.intValue()) {
      return "ERROR";
    }
    if (level.intValue() >= Level.WARNING.intValue()) {
      return "WARN ";
    }
    return level.intValue() >= Level.INFO.intValue() ? "INFO " : "DEBUG";
  }

  private static String shortName(String logger) {
    return logger.substring(logger.lastIndexOf('.') + 1);
  }
}
