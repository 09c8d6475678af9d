package kith.auth;

import java.util.function.BiFunction;
import kith.auth.Identities.Identity;
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
    return as((request, identity) -> handler.apply(request, identity.user()));
  }

  /** The same for a handler that asks which of someone's sign-ins it is. */
  Route.Handler as(BiFunction<Request, Identity, Answer> handler) {
    return request -> handler.apply(request, identity(request));
  }

  private Identity identity(Request request) {
    String authorization = request.header("authorization").orElse("");
    boolean bearer = authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
    String token = bearer ? authorization.substring(SCHEME.length()).strip() : "";
    try {
      return identities.identify(token);
    } catch (TokenRefused refused) {
      throw Problem.unauthorized(refused.code().wire(), String.valueOf(refused.getMessage()));
    }
  }
}
