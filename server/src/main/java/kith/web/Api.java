package kith.web;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import kith.input.BadInput;
import kith.limits.RateLimit;
import kith.limits.RateLimits;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the route of a request and turns whatever goes wrong there into a problem. */
public final class Api {
  private static final Logger log = LoggerFactory.getLogger(Api.class);

  /** Far above what a household does, far below what hurts. */
  private static final RateLimit PER_ADDRESS = new RateLimit(1200, Duration.ofMinutes(1));

  /** Asked apart from the API: who uses that much is not to look ill. */
  private static final RateLimit HEALTH_PER_ADDRESS = new RateLimit(600, Duration.ofMinutes(1));

  private final List<PatternRoute> routes;
  private final RateLimits limits;
  private final RateLimits healthLimits;

  public Api(List<Route> routes, InstantSource clock) {
    this.routes = routes.stream().map(PatternRoute::new).toList();
    this.limits = new RateLimits(PER_ADDRESS, clock);
    this.healthLimits = new RateLimits(HEALTH_PER_ADDRESS, clock);
  }

  Answer answer(Request request) {
    try {
      if (request.path().startsWith("/api/")) {
        limits.take(RateLimits.key(request.client())).ifPresent(Api::refuse);
      } else if (request.path().equals("/health")) {
        healthLimits.take(RateLimits.key(request.client())).ifPresent(Api::refuse);
      }
      String method = request.method().equals("HEAD") ? "GET" : request.method();
      List<PatternRoute> here = new ArrayList<>();
      for (PatternRoute route : routes) {
        Optional<Map<String, String>> parameters = route.match(request.path());
        if (parameters.isPresent()) {
          if (route.route.method().equals(method)) {
            return route.route.handler().answer(request.with(decoded(parameters.get())));
          }
          here.add(route);
        }
      }
      throw here.isEmpty()
          ? Problem.notFound("There is nothing at this address")
          : Problem.methodNotAllowed(methods(here));
    } catch (BadInput input) {
      return Problem.badRequest(input).answer();
    } catch (Problem problem) {
      return problem.answer();
    } catch (RuntimeException failure) {
      return unexpected(request, failure).answer();
    }
  }

  /** The pattern a request falls under, to count it by. */
  String pattern(Request request) {
    return routes.stream()
        .filter(route -> route.match(request.path()).isPresent())
        .map(route -> route.route.pattern())
        .findFirst()
        .orElse("other");
  }

  private static String methods(List<PatternRoute> routes) {
    return routes.stream().map(route -> route.route.method()).collect(Collectors.joining(", "));
  }

  private static Map<String, String> decoded(Map<String, String> parameters) {
    Map<String, String> decoded = new HashMap<>();
    parameters.forEach((name, segment) -> decoded.put(name, decoded(segment)));
    return decoded;
  }

  /** Without U+0000, which PostgreSQL cannot look up. */
  private static String decoded(String segment) {
    try {
      String text = URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
      if (text.indexOf('\0') < 0) {
        return text;
      }
    } catch (IllegalArgumentException malformed) {
      // Falls through: told like any other address that makes no sense.
    }
    throw Problem.badRequest("The address is malformed");
  }

  private static void refuse(Duration wait) {
    throw Problem.rateLimited(wait);
  }

  private Problem unexpected(Request request, RuntimeException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLTransientConnectionException) {
        log.warn("The database does not answer: {}", cause.getMessage());
        return Problem.unavailable("The server is busy; try again in a moment");
      }
    }
    String incident = UUID.randomUUID().toString();
    log.error("{} {} failed, incident {}", request.method(), pattern(request), incident, failure);
    return new Problem(500, "server_error", "Something went wrong here; incident " + incident);
  }

  /** A route with its pattern cut at the slashes. */
  private record PatternRoute(Route route, String[] segments) {
    PatternRoute(Route route) {
      this(route, route.pattern().split("/", -1));
    }

    /** The parameters, as they were sent. */
    Optional<Map<String, String>> match(String path) {
      String[] actual = path.split("/", -1);
      if (actual.length != segments.length) {
        return Optional.empty();
      }
      Map<String, String> parameters = new HashMap<>();
      for (int i = 0; i < segments.length; i++) {
        if (segments[i].startsWith("{")) {
          parameters.put(segments[i].substring(1, segments[i].length() - 1), actual[i]);
        } else if (!segments[i].equals(actual[i])) {
          return Optional.empty();
        }
      }
      return Optional.of(parameters);
    }
  }
}
