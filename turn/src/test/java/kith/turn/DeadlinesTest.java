package kith.turn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import kith.turn.Deadlines.Deadline;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
  private final Deadlines deadlines = new Deadlines();
  private final List<String> done = new ArrayList<>();

  private Deadline at(long when, String what) {
    return deadlines.at(when, () -> done.add(what));
  }

  @Test
  void whatIsDueIsDoneInOrderAndWhatIsCalledOffIsNot() {
    at(30, "third");
    at(10, "first");
    at(15, "never").cancel();
    at(20, "second");
    deadlines.run(20);
    assertEquals(List.of("first", "second"), done);
    assertEquals(30, deadlines.next());
  }

  @Test
  void whatIsCalledOffTakesNoMoreRoomThanWhatIsNot() {
    for (int i = 0; i < 100; i++) {
      at(i, "kept");
    }
    for (int i = 0; i < 10_000; i++) {
      at(60_000 + i, "called off").cancel();
      assertTrue(deadlines.size() <= 300, "they are thrown away");
    }
    deadlines.run(100_000);
    assertEquals(100, done.size());
    assertEquals(0, deadlines.size());
  }

  @Test
  void whatWasDoneIsNotCalledOff() {
    List<Deadline> over = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      over.add(at(1, "done"));
    }
    deadlines.run(1);
    over.forEach(Deadline::cancel);
    at(2, "next");
    deadlines.run(2);
    assertEquals(101, done.size());
  }
}
