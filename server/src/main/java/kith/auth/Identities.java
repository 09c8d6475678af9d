package kith.auth;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import kith.database.Database;
import kith.input.BadInput;
import kith.input.Fields;
import org.jdbi.v3.core.Handle;

/** Tells who an access token speaks for. */
public final class Identities {
  private static final int MAX_NAME = 64;

  private final AccessTokens tokens;
  private final Database database;
  private final InstantSource clock;

  public Identities(AccessTokens tokens, Database database, InstantSource clock) {
    this.tokens = tokens;
    this.database = database;
    this.clock = clock;
  }

  /**
   * Who a token speaks for, and until when.
   *
   * @param session the sign-in it was given for, if this server gave it
   */
  public record Identity(User user, Instant expiresAt, Optional<SessionId> session) {}

  /**
   * Reads the database.
   *
   * @throws TokenRefused if the token is not valid, or its user or its session is gone
   */
  public Identity identify(String token) throws TokenRefused {
    AccessTokens.Claims claims = tokens.read(token);
    Optional<User> known = database.read(handle -> signedIn(handle, claims));
    if (known.isPresent()) {
      return new Identity(known.get(), claims.expiresAt(), claims.session());
    }
    if (claims.ours()) {
      throw new TokenRefused(TokenRefused.Code.TOKEN_INVALID, "This sign-in is over");
    }
    return new Identity(firstSeen(claims), claims.expiresAt(), Optional.empty());
  }

  private static Optional<User> signedIn(Handle handle, AccessTokens.Claims claims) {
    UserId user = claims.subject();
    return Users.byId(handle, user)
        .filter(
            known ->
                claims.session().isEmpty()
                    || Sessions.goesOn(handle, claims.session().get(), user));
  }

  public Optional<User> user(UserId id) {
    return database.read(handle -> Users.byId(handle, id));
  }

  /** Another backend vouches for someone new: they get an account that no password opens. */
  private User firstSeen(AccessTokens.Claims claims) {
    String username =
        claims.username().or(claims::name).flatMap(Username::near).orElseGet(Identities::anonymous);
    String name = claims.name().flatMap(Identities::printable).orElse(username);
    return database.write(
        handle -> {
          User wanted = new User(claims.subject(), username, name);
          User fallback = new User(claims.subject(), anonymous(), name);
          if (!Users.insert(handle, wanted, Optional.empty(), clock.instant())) {
            Users.insert(handle, fallback, Optional.empty(), clock.instant());
          }
          return Users.byId(handle, claims.subject()).orElseThrow();
        });
  }

  private static String anonymous() {
    return "user-" + UUID.randomUUID().toString().substring(0, 12);
  }

  private static Optional<String> printable(String name) {
    try {
      Fields fields = Fields.of(Map.of("name", name));
      String line = fields.line("name", 1, MAX_NAME);
      fields.check();
      return Optional.of(line);
    } catch (BadInput unprintable) {
      return Optional.empty();
    }
  }
}
