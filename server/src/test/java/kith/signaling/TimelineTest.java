package kith.signaling;

import static java.time.temporal.ChronoUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import kith.auth.UserId;
import kith.call.Quality;
import kith.call.Timeline;
import kith.call.running.CallHistory;
import org.junit.jupiter.api.Test;

/** What is kept of the course of a call, and how good it was. */
class TimelineTest extends Story {
  private CallHistory.Entry last(Person person) {
    return new CallHistory(database)
        .page(new UserId(person.name), Optional.empty(), Optional.empty(), 1)
        .getFirst();
  }

  private Optional<Duration> since(Instant from, Optional<Instant> to) {
    return to.map(it -> Duration.between(from, it));
  }

  private static Optional<Duration> millis(long millis) {
    return Optional.of(Duration.ofMillis(millis));
  }

  @Test
  void eachStepOfACallHasItsTime() {
    alice.calls(bob);
    at(1, SECONDS);
    bob.on("phone").rings();
    at(2, SECONDS);
    bob.on("laptop").rings();
    at(5, SECONDS);
    bob.on("phone").answers();
    at(6, SECONDS);
    alice.on("phone").isConnected();
    alice.on("phone").saysOfTheCall("call-quality", "warmMs", 3000, "firstFrameMs", 900).isDone();
    bob.on("phone")
        .saysOfTheCall("call-quality", "warmMs", 2500, "firstFrameMs", 120, "firstAudioMs", 80);
    at(20, SECONDS);
    bob.on("phone").hangsUp();

    Timeline timeline = last(alice).timeline();
    Instant offered = timeline.offeredAt();
    assertEquals(millis(1_000), since(offered, timeline.ringingAt()));
    assertEquals(millis(2_500), since(offered, timeline.warmAt()));
    assertEquals(millis(5_000), since(offered, timeline.answeredAt()));
    assertEquals(millis(6_000), since(offered, timeline.connectedAt()));
    assertEquals(millis(5_900), since(offered, timeline.firstFrameAt()));
    assertEquals(millis(5_080), since(offered, timeline.firstAudioAt()));
    assertEquals(offered.plusSeconds(20), timeline.endedAt());
    assertEquals(0, timeline.reconnects());
    assertEquals(timeline, last(bob).timeline());
  }

  @Test
  void aCallNobodyAnswersHasAShortTimeline() {
    alice.calls(bob);
    at(3, SECONDS);
    alice.on("phone").hangsUp();
    Timeline timeline = last(bob).timeline();
    assertEquals(Optional.empty(), timeline.ringingAt());
    assertEquals(Optional.empty(), timeline.warmAt());
    assertEquals(Optional.empty(), timeline.answeredAt());
    assertEquals(Optional.empty(), timeline.firstFrameAt());
    assertEquals(Optional.empty(), last(bob).quality());
  }

  @Test
  void aConnectionThatWasNotUpWhileItRangWasNotWarm() {
    talking(alice, bob);
    alice.on("phone").saysOfTheCall("call-quality", "warmMs", 0);
    bob.on("phone").saysOfTheCall("call-quality", "warmMs", 700);
    alice.on("phone").hangsUp();
    assertEquals(Optional.empty(), last(alice).timeline().warmAt());
  }

  @Test
  void aPageThatWasLoadedAnewTellsNoOtherBeginningOfTheCall() {
    talking(alice, bob);
    Handset phone = bob.on("phone");
    phone.saysOfTheCall(
        "call-quality", "warmMs", 700, "firstFrameMs", 90, "firstAudioMs", 40, "rttMs", 30);
    at(10, SECONDS);
    phone.saysOfTheCall(
        "call-quality", "warmMs", 0, "firstFrameMs", 9_000, "firstAudioMs", 8_000, "rttMs", 20);
    phone.hangsUp();
    Timeline timeline = last(alice).timeline();
    Instant answered = timeline.answeredAt().orElseThrow();
    assertEquals(Optional.of(timeline.offeredAt()), timeline.warmAt());
    assertEquals(millis(90), since(answered, timeline.firstFrameAt()));
    assertEquals(millis(40), since(answered, timeline.firstAudioAt()));
  }

  @Test
  void whatAClientTellsStaysWithinTheCall() {
    talking(alice, bob);
    alice
        .on("phone")
        .saysOfTheCall("call-quality", "warmMs", 3_600_000, "firstFrameMs", 600_000)
        .isDone();
    at(10, SECONDS);
    alice.on("phone").hangsUp();
    Timeline timeline = last(alice).timeline();
    assertEquals(Optional.of(timeline.offeredAt()), timeline.warmAt());
    assertEquals(Optional.of(timeline.endedAt()), timeline.firstFrameAt());
  }

  @Test
  void everyTimeADeviceIsAwayCounts() {
    String call = talking(alice, bob);
    at(10, SECONDS);
    alice.on("phone").device.disconnect();
    at(12, SECONDS);
    bob.on("phone").device.disconnect();
    at(14, SECONDS);
    alice.on("phone").device.connect();
    alice.on("phone").resumes(call).isDone();
    at(17, SECONDS);
    bob.on("phone").device.connect();
    bob.on("phone").resumes(call).isDone();
    at(20, SECONDS);
    alice.on("phone").device.disconnect();
    at(50, SECONDS);
    Timeline timeline = last(bob).timeline();
    assertEquals(2, timeline.reconnects());
    assertEquals(Duration.ofSeconds(37), timeline.reconnecting());
  }

  @Test
  void aServerThatComesBackKnowsWhatWasBefore() {
    String call = talking(alice, bob);
    at(4, SECONDS);
    world.serverCrashesAndComesBack();
    at(6, SECONDS);
    for (Person person : List.of(alice, bob)) {
      person.on("phone").device.connect();
      person.on("phone").resumes(call).isDone();
    }
    at(9, SECONDS);
    alice.on("phone").hangsUp();
    Timeline timeline = last(alice).timeline();
    assertEquals(Optional.of(timeline.offeredAt()), timeline.ringingAt());
    assertEquals(1, timeline.reconnects());
    assertEquals(Duration.ofSeconds(2), timeline.reconnecting());
  }

  @Test
  void theQualityIsTheWorseOfTheLastWords() {
    talking(alice, bob);
    alice.on("phone").saysOfTheCall("call-quality", "quality", "poor");
    alice.on("phone").saysOfTheCall("call-quality", "quality", "good", "rttMs", 20.5);
    bob.on("phone").saysOfTheCall("call-quality", "quality", "fair");
    bob.on("phone").saysOfTheCall("call-quality", "rttMs", 21);
    alice.on("phone").hangsUp();
    assertEquals(Optional.of(Quality.FAIR), last(alice).quality());
    assertEquals(Optional.of(Quality.FAIR), last(bob).quality());
  }
}
