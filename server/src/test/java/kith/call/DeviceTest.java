package kith.call;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import kith.auth.UserId;
import org.junit.jupiter.api.Test;

class DeviceTest {
  private static final Endpoint AT =
      new Endpoint(new UserId("alice"), new DeviceId("alice's laptop"));

  @Test
  void itsUserGoesByAnotherNameAndNothingElseOfItChanges() {
    var laptop = new Device(AT, "Alice", true, true, Optional.of("Firefox on Linux"));
    assertEquals(
        new Device(AT, "Alice B.", true, true, Optional.of("Firefox on Linux")),
        laptop.named("Alice B."));
  }
}
