package kith.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import kith.turn.Transport;
import kith.turn.TurnEvent;
import kith.turn.TurnEvent.Reason;
import org.junit.jupiter.api.Test;

/** What an operator's settings make of the relay. */
class EmbeddedRelayTest {
  @Test
  void whatWasRelayedIsLoggedOnceItIsOver() {
    var media =
        new TurnEvent.Released(
            7, "alice", Transport.TLS, Reason.EXPIRED, 600, 90, 99_000, 80, 1_000);
    var checksOnly =
        new TurnEvent.Released(8, "bob", Transport.UDP, Reason.RELEASED, 60, 90, 9_000, 80, 8_000);
    List<LogRecord> logged = logged(() -> List.of(media, checksOnly).forEach(EmbeddedRelay::log));
    assertEquals(1, logged.size());
    assertEquals(
        "Allocation 7 of user alice over TLS ended (EXPIRED) after 600 s:"
            + " 90 packets, 99000 bytes from the client, 80 packets, 1000 bytes to it",
        logged.getFirst().getMessage());
  }

  private static List<LogRecord> logged(Runnable what) {
    List<LogRecord> records = new ArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord logged) {
            records.add(logged);
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger logger = Logger.getLogger(EmbeddedRelay.class.getName());
    logger.addHandler(handler);
    logger.setLevel(Level.INFO); // as KITH_LOG_LEVEL has it unless told otherwise
    what.run();
    logger.setLevel(null);
    logger.removeHandler(handler);
    return records;
  }
}
