package kith.circle;

import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import kith.auth.SignedIn;
import kith.auth.User;
import kith.auth.UserId;
import kith.input.Fields;
import kith.limits.RateLimit;
import kith.limits.RateLimits;
import kith.web.Answer;
import kith.web.Problem;
import kith.web.Request;
import kith.web.Route;

/** Circles and invites over HTTP. */
public final class CircleRoutes {
  private static final int MAX_NAME = 64;
  private static final RateLimit PREVIEWS_PER_ADDRESS = new RateLimit(60, Duration.ofMinutes(10));

  private final Circles circles;
  private final Invites invites;
  private final SignedIn signedIn;
  private final Optional<URI> publicUrl;
  private final RateLimits previews;

  /**
   * @param publicUrl where invite links lead, if not to the address they were asked for at
   */
  public CircleRoutes(
      Circles circles,
      Invites invites,
      SignedIn signedIn,
      Optional<URI> publicUrl,
      InstantSource clock) {
    this.circles = circles;
    this.invites = invites;
    this.signedIn = signedIn;
    this.publicUrl = publicUrl;
    this.previews = new RateLimits(PREVIEWS_PER_ADDRESS, clock);
  }

  public List<Route> routes() {
    return List.of(
        Route.get("/api/circles", signedIn.only(this::list)),
        Route.post("/api/circles", signedIn.only(this::create)),
        Route.get("/api/circles/{id}", signedIn.only(this::see)),
        Route.patch("/api/circles/{id}", signedIn.only(this::rename)),
        Route.delete("/api/circles/{id}", signedIn.only(this::delete)),
        Route.delete("/api/circles/{id}/members/{userId}", signedIn.only(this::remove)),
        Route.post("/api/circles/{id}/invites", signedIn.only(this::invite)),
        Route.get("/api/invites/{code}", this::preview),
        Route.post("/api/invites/{code}/accept", signedIn.only(this::accept)));
  }

  private Answer list(Request request, User user) {
    return Answer.json(Map.of("circles", circles.of(user)));
  }

  private Answer create(Request request, User user) {
    return Answer.json(201, circles.create(user, name(request)));
  }

  private Answer see(Request request, User user) {
    return Answer.json(circles.see(user, circleId(request)));
  }

  private Answer rename(Request request, User user) {
    return Answer.json(circles.rename(user, circleId(request), name(request)));
  }

  private Answer delete(Request request, User user) {
    circles.delete(user, circleId(request));
    return Answer.nothing();
  }

  private Answer remove(Request request, User user) {
    String member = request.parameter("userId");
    if (member.isEmpty() || member.length() > UserId.MAX_LENGTH) {
      throw Problem.notFound("There is no such member");
    }
    circles.remove(user, circleId(request), new UserId(member));
    return Answer.nothing();
  }

  private Answer invite(Request request, User user) {
    Fields fields = request.optionalJson();
    long hours =
        fields
            .optionalNumber("expiresInHours", 1, Invites.MAX_LIFETIME.toHours())
            .orElse(Invites.DEFAULT_LIFETIME.toHours());
    long uses =
        fields.optionalNumber("maxUses", 1, Invites.MAX_USES).orElse((long) Invites.DEFAULT_USES);
    fields.check();
    URI base = publicUrl.orElse(request.base());
    return Answer.json(
        201, invites.create(user, circleId(request), Duration.ofHours(hours), (int) uses, base));
  }

  private Answer preview(Request request) {
    InetAddress client = request.client();
    previews
        .take(RateLimits.key(client))
        .ifPresent(
            wait -> {
              throw Problem.rateLimited(wait);
            });
    return Answer.json(invites.preview(request.parameter("code")));
  }

  private Answer accept(Request request, User user) {
    return Answer.json(invites.accept(request.parameter("code"), user));
  }

  private static String name(Request request) {
    Fields fields = request.json();
    String name = fields.line("name", 1, MAX_NAME);
    fields.check();
    return name;
  }

  private static CircleId circleId(Request request) {
    String id = request.parameter("id");
    try {
      if (id.length() == 36) {
        return new CircleId(UUID.fromString(id));
      }
    } catch (IllegalArgumentException notOne) {
      // Falls through: what is no id names no circle.
    }
    throw Problem.notFound("There is no such circle");
  }
}
