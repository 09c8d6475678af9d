package kith.auth;

import java.util.function.BiFunction;
import kith.web.Answer;
import kith.web.Problem;
import kith.web.Request;
import kith.web.Route;

/** Lets a request through to its handler only with an access token (RFC 6750), and says whose. */
public final class SignedIn {
  private static final String SCHEME = "Bearer ";

  private final Identities identities;

  public SignedIn(Identities identities) {
    this.identities = identities;
  }

  public Route.Handler only(BiFunction<Request, User, Answer> handler) {
    return request -> handler.apply(request, user(request));
  }

  private User user(Request request) {
    String authorization = request.header("authorization").orElse("");
    boolean bearer = authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
    String token = bearer ? authorization.substring(SCHEME.length()).strip() : "";
    try {
      return identities.identify(token).user();
    } catch (TokenRefused refused) {
      throw Problem.unauthorized(refused.code().wire(), String.valueOf(refused.getMessage()));
    }
  }
}
