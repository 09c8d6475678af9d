package kith.web;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Whether the server can do its work, and if not, what is wrong. */
public final class Health {
  private final Map<String, Supplier<Optional<String>>> checks;
  private final String version;
  private final InstantSource clock;
  private final Instant startedAt;

  /**
   * @param checks by name; each says what is wrong, if anything is
   */
  public Health(
      Map<String, Supplier<Optional<String>>> checks, String version, InstantSource clock) {
    this.checks = checks;
    this.version = version;
    this.clock = clock;
    this.startedAt = clock.instant();
  }

  public Route route() {
    return Route.get("/health", request -> answer());
  }

  private Answer answer() {
    Map<String, String> results = new LinkedHashMap<>();
    boolean healthy = true;
    for (var check : checks.entrySet()) {
      Optional<String> wrong = check.getValue().get();
      healthy &= wrong.isEmpty();
      results.put(check.getKey(), wrong.orElse("ok"));
    }
    long uptime = Duration.between(startedAt, clock.instant()).toSeconds();
    return Answer.json(
        healthy ? 200 : 503,
        new Report(healthy ? "healthy" : "unhealthy", version, uptime, results));
  }

  private record Report(
      String status, String version, long uptimeSeconds, Map<String, String> checks) {}
}
