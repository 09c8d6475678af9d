package kith.auth;

import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import kith.web.Answer;
import kith.web.Problem;
import kith.web.Request;
import kith.web.Route;

/** Lets a request through to its handler only with an access token (RFC 6750), and says whose. */
public final class SignedIn {
  private static final String SCHEME = "Bearer ";

  private final Identities identities;
  private final BiConsumer<User, Request> seen;

  /**
   * @param seen hears of every request that was let through
   */
  public SignedIn(Identities identities, BiConsumer<User, Request> seen) {
    this.identities = identities;
    this.seen = seen;
  }

  public Route.Handler only(BiFunction<Request, User, Answer> handler) {
    return request -> handler.apply(request, user(request));
  }

  private User user(Request request) {
    String authorization = request.header("authorization").orElse("");
    boolean bearer = authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
    String token = bearer ? authorization.substring(SCHEME.length()).strip() : "";
    try {
      User user = identities.identify(token).user();
      seen.accept(user, request);
      return user;
    } catch (TokenRefused refused) {
      throw Problem.unauthorized(refused.code().wire(), String.valueOf(refused.getMessage()));
    }
  }
}
