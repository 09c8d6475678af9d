package kith.turn.net.command;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.stream.Collectors;
import kith.turn.TurnEvent;
import kith.turn.stun.TransportAddress;

/** An event of an allocation in one line of {@code name=value}, for grep and for log collectors. */
final class AllocationLine {
  private AllocationLine() {}

  static String of(Instant at, TurnEvent event) {
    return "time="
        + at.truncatedTo(ChronoUnit.MILLIS)
        + " "
        + switch (event) {
          case TurnEvent.Allocated made -> made(made);
          case TurnEvent.Released gone -> ended(gone);
        };
  }

  private static String made(TurnEvent.Allocated made) {
    return "event=made allocation="
        + made.allocation()
        + " user="
        + quoted(made.user())
        + " transport="
        + word(made.transport())
        + " client="
        + made.client()
        + " relayed="
        + made.relayed().stream().map(TransportAddress::toString).collect(Collectors.joining(","));
  }

  private static String ended(TurnEvent.Released gone) {
    return "event=ended allocation="
        + gone.allocation()
        + " user="
        + quoted(gone.user())
        + " transport="
        + word(gone.transport())
        + " reason="
        + word(gone.reason())
        + " seconds="
        + gone.seconds()
        + " packets_from_client="
        + gone.packetsFromClient()
        + " bytes_from_client="
        + gone.bytesFromClient()
        + " packets_to_client="
        + gone.packetsToClient()
        + " bytes_to_client="
        + gone.bytesToClient();
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /** Whoever signs credentials chooses the name: it may not break the line. */
  private static String quoted(String user) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < user.length(); i++) {
      char c = user.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
        quoted.append(String.format("\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
