package kith.auth;

import java.util.List;
import java.util.Optional;
import kith.auth.Accounts.NewAccount;
import kith.auth.Identities.Identity;
import kith.input.Fields;
import kith.privacy.RelayPolicy;
import kith.web.Answer;
import kith.web.Request;
import kith.web.Route;

/** Accounts and sign-in over HTTP. */
public final class AuthRoutes {
  private static final int MAX_NAME = 64;
  private static final int MAX_TYPED_USERNAME = 128;
  private static final int MAX_TOKEN = 256;
  private static final int MAX_INVITE = 64;

  private final Accounts accounts;
  private final SignedIn signedIn;

  public AuthRoutes(Accounts accounts, SignedIn signedIn) {
    this.accounts = accounts;
    this.signedIn = signedIn;
  }

  public List<Route> routes() {
    return List.of(
        Route.post("/api/auth/register", this::register),
        Route.post("/api/auth/login", this::login),
        Route.post("/api/auth/refresh", this::refresh),
        Route.post("/api/auth/logout", this::logout),
        Route.post("/api/auth/password", signedIn.as(this::changePassword)),
        Route.get("/api/me", signedIn.only((request, user) -> Answer.json(user))),
        Route.patch("/api/me", signedIn.only(this::change)),
        Route.delete("/api/me", signedIn.only(this::delete)));
  }

  private Answer register(Request request) {
    Fields fields = request.json();
    String username = Username.normalized(fields.text("username", 1, MAX_TYPED_USERNAME));
    if (!username.isEmpty() && !Username.isValid(username)) {
      fields.wrong("username", Username.RULE);
    }
    String password = newPassword(fields, "password", username);
    String displayName = fields.optionalLine("displayName", 1, MAX_NAME).orElse(username);
    Optional<String> invite = fields.optionalText("invite", 1, MAX_INVITE);
    fields.check();
    NewAccount account = new NewAccount(username, password, displayName, invite);
    return Answer.json(201, accounts.register(account, request.client()));
  }

  private Answer login(Request request) {
    Fields fields = request.json();
    String username = Username.normalized(fields.text("username", 1, MAX_TYPED_USERNAME));
    String password = fields.text("password", 1, Passwords.MAX_LENGTH);
    fields.check();
    return Answer.json(accounts.signIn(username, password, request.client()));
  }

  private Answer refresh(Request request) {
    Fields fields = request.json();
    String token = fields.text("refreshToken", 1, MAX_TOKEN);
    Optional<String> attempt = fields.optionalText("attempt", 1, MAX_NAME);
    fields.check();
    return Answer.json(accounts.refresh(token, attempt, request.client()));
  }

  private Answer logout(Request request) {
    Fields fields = request.json();
    String token = fields.text("refreshToken", 1, MAX_TOKEN);
    fields.check();
    accounts.signOut(token);
    return Answer.nothing();
  }

  private Answer changePassword(Request request, Identity identity) {
    Fields fields = request.json();
    String old = fields.text("oldPassword", 1, Passwords.MAX_LENGTH);
    String next = newPassword(fields, "newPassword", identity.user().username());
    fields.check();
    return Answer.json(accounts.changePassword(identity, old, next, request.client()));
  }

  private Answer change(Request request, User user) {
    Fields fields = request.json();
    Optional<String> displayName = fields.optionalLine("displayName", 1, MAX_NAME);
    Optional<String> wish = fields.optionalText("relay", 1, MAX_NAME);
    Optional<RelayPolicy> relay = wish.flatMap(RelayPolicy::ofWire);
    if (wish.isPresent() && relay.isEmpty()) {
      fields.wrong("relay", "must be direct, until-answered or always");
    }
    if (displayName.isEmpty() && wish.isEmpty()) {
      fields.wrong("displayName", "is required, or relay");
    }
    fields.check();
    return Answer.json(accounts.change(user, displayName, relay));
  }

  private Answer delete(Request request, User user) {
    Fields fields = request.json();
    String password = fields.text("password", 1, Passwords.MAX_LENGTH);
    fields.check();
    accounts.delete(user, password, request.client());
    return Answer.nothing();
  }

  private static String newPassword(Fields fields, String field, String username) {
    String password = fields.text(field, Passwords.MIN_LENGTH, Passwords.MAX_LENGTH);
    if (!password.isEmpty()) {
      Passwords.objection(password, username).ifPresent(why -> fields.wrong(field, why));
    }
    return password;
  }
}
