package kith.socketio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LimitsTest {
  static Stream<RecordComponent> limits() {
    return Arrays.stream(Limits.class.getRecordComponents());
  }

  private static Limits changed(Limits limits, RecordComponent limit, long to) throws Exception {
    Class<?> type = limit.getType();
    Object value =
        type == int.class ? (Object) (int) to : type == long.class ? to : Duration.ofMillis(to);
    Limits.Change change = limits.change();
    Limits.Change.class.getMethod(limit.getName(), type).invoke(change, value);
    return change.build();
  }

  private static long value(Limits limits, RecordComponent limit) throws Exception {
    Object value = limit.getAccessor().invoke(limits);
    return value instanceof Duration time ? time.toMillis() : ((Number) value).longValue();
  }

  @ParameterizedTest
  @MethodSource("limits")
  void oneCanBeChangedAndTheOthersStayAsTheyWereSet(RecordComponent one) throws Exception {
    Limits all = Limits.defaults();
    long next = 1;
    for (RecordComponent limit : limits().toList()) {
      all = changed(all, limit, next++);
    }
    Limits changed = changed(all, one, 1_000);
    for (RecordComponent limit : limits().toList()) {
      assertEquals(
          limit.getName().equals(one.getName()) ? 1_000 : value(all, limit), value(changed, limit));
    }
  }

  @ParameterizedTest
  @MethodSource("limits")
  void noneMayBeZero(RecordComponent one) {
    Throwable refused = assertThrows(Exception.class, () -> changed(Limits.defaults(), one, 0));
    assertEquals(one.getName() + " must be positive, is 0", refused.getMessage());
  }

  @Test
  void unchangedTheyAreTheDefaults() {
    assertEquals(Limits.defaults(), Limits.defaults().change().build());
  }
}
