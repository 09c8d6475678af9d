package kith.call.running;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import kith.call.Call;
import kith.call.CallState;
import kith.call.Timeline;

/** Counts the calls that are over, and how long their steps took, for Prometheus. */
public final class CallMeters {
  private static final Duration[] STEPS = {
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(150),
    Duration.ofMillis(200),
    Duration.ofMillis(300),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofSeconds(2),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10),
    Duration.ofSeconds(30)
  };

  private static final Duration[] LEADS = {
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofSeconds(2),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10),
    Duration.ofSeconds(20),
    Duration.ofSeconds(45)
  };

  private static final Duration[] LENGTHS = {
    Duration.ofSeconds(10),
    Duration.ofMinutes(1),
    Duration.ofMinutes(5),
    Duration.ofMinutes(15),
    Duration.ofHours(1),
    Duration.ofHours(4)
  };

  private final MeterRegistry registry;
  private final Timer ring;
  private final Timer warm;
  private final Timer connect;
  private final Timer firstFrame;
  private final Timer firstAudio;
  private final Timer length;
  private final Counter reconnects;
  private final Timer reconnecting;

  public CallMeters(MeterRegistry registry) {
    this.registry = registry;
    this.ring = timer("kith.call.ring", "From the offer to the first device that rings", STEPS);
    this.warm =
        timer(
            "kith.call.warm",
            "For how long the connection had stood at the answer, in calls where it did",
            LEADS);
    this.connect = timer("kith.call.connect", "From the answer to the connection", STEPS);
    this.firstFrame =
        timer("kith.call.first.frame", "From the answer until both see a picture", STEPS);
    this.firstAudio =
        timer("kith.call.first.audio", "From the answer until both hear a sound", STEPS);
    this.length = timer("kith.call.length", "From the answer to the end", LENGTHS);
    this.reconnecting =
        timer(
            "kith.call.reconnecting", "How long a device was away, in calls where one was", STEPS);
    this.reconnects =
        Counter.builder("kith.call.reconnects")
            .description("How often a device dropped out of a call")
            .register(registry);
  }

  private Timer timer(String name, String description, Duration[] buckets) {
    return Timer.builder(name)
        .description(description)
        .serviceLevelObjectives(buckets)
        .register(registry);
  }

  /** A call is over. */
  public void ended(Call call) {
    call.timeline().ifPresent(this::time);
    if (call.state() instanceof CallState.Ended ended) {
      Counter.builder("kith.calls.ended")
          .description("Calls by the reason of their end")
          .tag("reason", ended.reason().wire())
          .register(registry)
          .increment();
    }
    if (call.answerer().isPresent()) {
      call.wasWarm()
          .ifPresent(
              warm ->
                  Counter.builder("kith.calls.warm")
                      .description("Answered calls by whether the connection stood at the answer")
                      .tag("warm", warm ? "yes" : "no")
                      .register(registry)
                      .increment());
    }
    call.quality()
        .ifPresent(
            quality ->
                Counter.builder("kith.calls.quality")
                    .description("Calls by their quality, as far as clients told")
                    .tag("quality", quality.wire())
                    .register(registry)
                    .increment());
  }

  private void time(Timeline timeline) {
    between(ring, Optional.of(timeline.offeredAt()), timeline.ringingAt());
    between(warm, timeline.warmAt(), timeline.answeredAt());
    between(connect, timeline.answeredAt(), timeline.connectedAt());
    between(firstFrame, timeline.answeredAt(), timeline.firstFrameAt());
    between(firstAudio, timeline.answeredAt(), timeline.firstAudioAt());
    between(length, timeline.answeredAt(), Optional.of(timeline.endedAt()));
    if (timeline.reconnects() > 0) {
      reconnects.increment(timeline.reconnects());
      reconnecting.record(timeline.reconnecting());
    }
  }

  private static void between(Timer timer, Optional<Instant> from, Optional<Instant> to) {
    from.ifPresent(start -> to.ifPresent(end -> timer.record(Duration.between(start, end))));
  }
}
