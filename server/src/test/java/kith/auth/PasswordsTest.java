package kith.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import kith.web.Problem;
import org.junit.jupiter.api.Test;

class PasswordsTest {
  private static final int CROWD = 200;

  @Test
  void aCrowdIsTurnedAwayInsteadOfQueueing() {
    Passwords passwords = new Passwords();
    AtomicInteger hashed = new AtomicInteger();
    AtomicInteger refused = new AtomicInteger();
    try (var threads = Executors.newFixedThreadPool(CROWD)) {
      for (int i = 0; i < CROWD; i++) {
        threads.execute(
            () -> {
              try {
                passwords.hash("correct horse");
                hashed.incrementAndGet();
              } catch (Problem problem) {
                assertEquals(503, problem.status());
                refused.incrementAndGet();
              }
            });
      }
    }
    assertEquals(CROWD, hashed.get() + refused.get());
    assertTrue(hashed.get() > 0 && refused.get() > 0, hashed + " hashed, " + refused + " refused");
  }
}
