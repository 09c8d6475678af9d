package kith.call;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.LongStream;
import kith.auth.UserId;
import org.junit.jupiter.api.Test;

class OutboxTest {
  private static final Device BOB =
      new Device(new Endpoint(new UserId("bob"), new DeviceId("phone")), "Bob", true, false);
  private static final CallMessage RINGS =
      new CallMessage.Rings(new CallId(new UUID(0, 1)), BOB, false);

  private static final long CONNECTION = 7;

  private final Outbox outbox = new Outbox(0, CONNECTION);
  private final List<Long> sent = new ArrayList<>();
  private boolean connected = true;

  private void tell(int times) {
    for (int i = 0; i < times; i++) {
      outbox.add(
          RINGS,
          number -> {
            if (connected) {
              sent.add(number);
            }
            return connected;
          });
    }
  }

  private List<Long> replay(OptionalLong received) {
    return outbox.replay(CONNECTION, received).stream().map(Outbox.Entry::number).toList();
  }

  @Test
  void numbersWhatItSends() {
    tell(3);
    assertEquals(List.of(1L, 2L, 3L), sent);
  }

  @Test
  void keepsWhatItHolds() {
    tell(1);
    outbox.hold();
    tell(2);
    assertEquals(List.of(1L), sent);
    assertEquals(List.of(2L, 3L), replay(OptionalLong.empty()));
    tell(1);
    assertEquals(List.of(1L, 4L), sent);
  }

  @Test
  void keepsWhatNoConnectionTook() {
    connected = false;
    tell(2);
    assertEquals(List.of(1L, 2L), replay(OptionalLong.empty()));
    assertEquals(List.of(), replay(OptionalLong.empty()));
  }

  @Test
  void sendsAgainWhatDidNotArrive() {
    tell(5);
    assertEquals(List.of(3L, 4L, 5L), replay(OptionalLong.of(2)));
    assertEquals(List.of(), replay(OptionalLong.of(5)));
    assertEquals(List.of(), replay(OptionalLong.empty()));
  }

  @Test
  void keepsTheLatestOnly() {
    outbox.hold();
    tell(Outbox.MAX_MESSAGES + 10);
    assertEquals(
        LongStream.rangeClosed(11, Outbox.MAX_MESSAGES + 10).boxed().toList(),
        replay(OptionalLong.empty()));
  }

  @Test
  void keepsFewerIfTheyAreLarge() {
    outbox.hold();
    var offer = new SessionDescription(SessionDescription.Type.OFFER, "x".repeat(262_144));
    for (int i = 0; i < 10; i++) {
      outbox.add(new CallMessage.Answered(RINGS.callId(), BOB, Optional.of(offer)), n -> true);
    }
    assertEquals(List.of(8L, 9L, 10L), replay(OptionalLong.empty()));
  }

  @Test
  void numbersGoOnFromWhatWasHeardOfAServerWhoseClockWasAhead() {
    outbox.hold();
    tell(2);
    assertEquals(List.of(1001L, 1002L), replay(OptionalLong.of(1000)));
    tell(1);
    assertEquals(List.of(1003L), sent);
    assertEquals(List.of(1003L), replay(OptionalLong.of(1002)));
  }

  @Test
  void aNumberThatNoneCanBeIsNotBelieved() {
    outbox.hold();
    tell(1);
    assertEquals(List.of(), replay(OptionalLong.of(Long.MAX_VALUE)));
    tell(1);
    assertEquals(List.of(2L), sent);
  }

  @Test
  void forgetsWhatWasTold() {
    outbox.hold();
    tell(2);
    outbox.forget(CONNECTION);
    tell(1);
    assertEquals(List.of(3L), sent);
    assertEquals(List.of(3L), replay(OptionalLong.of(0)));
  }
}
