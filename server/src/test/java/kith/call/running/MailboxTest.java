package kith.call.running;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MailboxTest {
  private final List<Runnable> threads = new ArrayList<>();
  private final Mailbox mailbox = new Mailbox(threads::add, 2);
  private final List<String> done = new ArrayList<>();

  @Test
  void runsOneAfterTheOtherOnOneThread() {
    mailbox.put(() -> done.add("first"));
    mailbox.put(() -> done.add("second"));
    assertEquals(1, threads.size());
    threads.removeFirst().run();
    assertEquals(List.of("first", "second"), done);
    mailbox.put(() -> done.add("third"));
    assertEquals(1, threads.size());
  }

  @Test
  void turnsAwayWhatIsTooMuchButNotWhatMustRun() {
    assertTrue(mailbox.offer(() -> done.add("first")));
    assertTrue(mailbox.offer(() -> done.add("second")));
    assertFalse(mailbox.offer(() -> done.add("too much")));
    mailbox.put(() -> done.add("must run"));
    threads.removeFirst().run();
    assertEquals(List.of("first", "second", "must run"), done);
  }

  @Test
  void goesOnAfterATaskThatFails() {
    mailbox.put(
        () -> {
          throw new IllegalStateException("on purpose");
        });
    mailbox.put(() -> done.add("after"));
    threads.removeFirst().run();
    assertEquals(List.of("after"), done);
  }

  @Test
  void goesOnAfterATaskThatRanOutOfStack() {
    mailbox.put(
        () -> {
          throw new StackOverflowError("on purpose");
        });
    mailbox.put(() -> done.add("after"));
    threads.removeFirst().run();
    assertEquals(List.of("after"), done);
  }

  @Test
  void takesNothingOnceTheExecutorHasStopped() {
    var executor = Executors.newSingleThreadExecutor();
    executor.shutdown();
    Mailbox stopped = new Mailbox(executor, 2);
    assertFalse(stopped.offer(() -> done.add("never")));
    assertFalse(stopped.offer(() -> done.add("nor this")));
  }

  @Test
  void keepsTheOrderOfManyOnRealThreads() {
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var many = new Mailbox(executor, 10);
      IntStream.range(0, 10_000).forEach(i -> many.put(() -> done.add("" + i)));
    }
    assertEquals(IntStream.range(0, 10_000).mapToObj(i -> "" + i).toList(), done);
  }
}
