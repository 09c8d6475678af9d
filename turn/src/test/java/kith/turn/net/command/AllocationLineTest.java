package kith.turn.net.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.List;
import kith.turn.Transport;
import kith.turn.TurnEvent;
import kith.turn.TurnEvent.Reason;
import kith.turn.world.World;
import org.junit.jupiter.api.Test;

/** One line for each event. */
class AllocationLineTest {
  private static final Instant NOW = Instant.parse("2026-11-28T10:00:00.123Z");

  @Test
  void anAllocationThatIsMadeSaysWhoAndWhere() {
    assertEquals(
        "time=2026-11-28T10:00:00.123Z event=made allocation=7 user=\"alice\" transport=tls"
            + " client=198.51.100.7:5000 relayed=192.0.2.15:50000,[2001:db8:0:0:0:0:0:15]:50001",
        AllocationLine.of(
            NOW,
            new TurnEvent.Allocated(
                7,
                "alice",
                Transport.TLS,
                World.address("198.51.100.7", 5000),
                List.of(
                    World.address("192.0.2.15", 50000), World.address("2001:db8::15", 50001)))));
  }

  @Test
  void oneThatEndedSaysWhyAndHowMuch() {
    assertEquals(
        "time=2026-11-28T10:00:00.123Z event=ended allocation=7 user=\"alice\" transport=udp"
            + " reason=expired seconds=600 packets_from_client=1 bytes_from_client=2"
            + " packets_to_client=3 bytes_to_client=4",
        AllocationLine.of(
            NOW,
            new TurnEvent.Released(7, "alice", Transport.UDP, Reason.EXPIRED, 600, 1, 2, 3, 4)));
  }

  @Test
  void aNameCannotMakeALineOfItsOwn() {
    String line =
        AllocationLine.of(
            NOW,
            new TurnEvent.Released(
                7, "a\"\\\n event=made", Transport.UDP, Reason.RELEASED, 0, 0, 0, 0, 0));
    assertEquals(1, line.lines().count());
    assertEquals(true, line.contains("user=\"a\\\"\\\\\\u000a event=made\""), line);
  }
}
