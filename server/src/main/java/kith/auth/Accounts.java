package kith.auth;

import java.net.InetAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import kith.auth.Identities.Identity;
import kith.database.Database;
import kith.privacy.RelayPolicy;
import kith.settings.Registration;
import kith.web.Problem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Making accounts and getting into them. */
public final class Accounts {
  private static final Logger log = LoggerFactory.getLogger(Accounts.class);

  private final Database database;
  private final AccessTokens tokens;
  private final Invitations invitations;
  private final Farewell farewell;
  private final SignOuts signOuts;
  private final Registration registration;
  private final InstantSource clock;
  private final Passwords passwords = new Passwords();
  private final SignInLimits limits;

  public Accounts(
      Database database,
      AccessTokens tokens,
      Invitations invitations,
      Farewell farewell,
      SignOuts signOuts,
      Registration registration,
      InstantSource clock) {
    this.database = database;
    this.tokens = tokens;
    this.invitations = invitations;
    this.farewell = farewell;
    this.signOuts = signOuts;
    this.registration = registration;
    this.clock = clock;
    this.limits = new SignInLimits(clock);
  }

  /** Someone who is in: their tokens, and who they are. */
  public record SignIn(String token, Instant expiresAt, String refreshToken, User user) {}

  /** What someone filled in to get an account; every field checked. */
  record NewAccount(
      String username, String password, String displayName, Optional<String> invite) {}

  SignIn register(NewAccount account, InetAddress from) {
    if (registration == Registration.CLOSED) {
      throw Problem.forbidden("New accounts are not taken here");
    }
    limits.register(from);
    String hash = passwords.hash(account.password());
    User user = new User(newId(), account.username(), account.displayName());
    SignIn signIn =
        database.write(
            handle -> {
              if (registration == Registration.INVITE
                  && account.invite().isEmpty()
                  && Users.areThereAny(handle)) {
                throw Problem.forbidden("An invite is needed to make an account here");
              }
              if (!Users.insert(handle, user, Optional.of(hash), clock.instant())) {
                throw Problem.conflict("This username is taken");
              }
              account
                  .invite()
                  .ifPresent(code -> invitations.accept(handle, code, user.id(), clock.instant()));
              return signIn(user, Sessions.begin(handle, user.id(), clock.instant()).current());
            });
    log.info("{} made an account", user.id());
    return signIn;
  }

  SignIn signIn(String username, String password, InetAddress from) {
    limits.attempt(username, from);
    Optional<User> user = database.read(handle -> Users.byUsername(handle, username));
    Optional<String> hash =
        user.flatMap(known -> database.read(handle -> Users.passwordHash(handle, known.id())));
    if (!passwords.matches(password, hash)) {
      throw wrongPassword();
    }
    limits.succeeded(username, from);
    return begin(user.orElseThrow());
  }

  /** A new session for someone who is known to be who they are. */
  public SignIn begin(User user) {
    Sessions.Begun begun =
        database.write(handle -> Sessions.begin(handle, user.id(), clock.instant()));
    signOuts.ended(user.id(), begun.evicted());
    return signIn(user, begun.current());
  }

  SignIn refresh(String refreshToken, Optional<String> attempt, InetAddress from) {
    limits.attempt(from);
    Sessions.Outcome outcome =
        database.write(handle -> Sessions.renew(handle, refreshToken, attempt, clock.instant()));
    SignIn signIn =
        switch (outcome) {
          case Sessions.Outcome.Renewed(UserId id, Sessions.Current next) ->
              signIn(
                  database
                      .read(handle -> Users.byId(handle, id))
                      .orElseThrow(Accounts::signInAgain),
                  next);
          case Sessions.Outcome.Reused(UserId id, SessionId session) -> {
            log.warn("A spent refresh token of {} came back; that session is over", id);
            signOuts.ended(id, Set.of(session));
            throw signInAgain();
          }
          case Sessions.Outcome.Unknown() -> throw signInAgain();
        };
    limits.succeeded(from);
    return signIn;
  }

  void signOut(String refreshToken) {
    database
        .write(handle -> Sessions.endByToken(handle, refreshToken))
        .ifPresent(ended -> signOuts.ended(ended.user(), Set.of(ended.session())));
  }

  /** Changes what is given; the account as it is afterwards. */
  User change(User user, Optional<String> displayName, Optional<RelayPolicy> relay) {
    return database.write(
        handle -> {
          displayName.ifPresent(name -> Users.rename(handle, user.id(), name));
          relay.ifPresent(wish -> Users.setRelay(handle, user.id(), wish));
          return Users.byId(handle, user.id()).orElseThrow(Accounts::signInAgain);
        });
  }

  /** Sets a new password and ends every session but the one this begins. */
  SignIn changePassword(Identity by, String oldPassword, String newPassword, InetAddress from) {
    User user = by.user();
    requirePassword(user, oldPassword, from);
    String next = passwords.hash(newPassword);
    SignIn signIn =
        database.write(
            handle -> {
              Users.setPasswordHash(handle, user.id(), next);
              Sessions.endAll(handle, user.id());
              return signIn(user, Sessions.begin(handle, user.id(), clock.instant()).current());
            });
    log.info("{} changed the password", user.id());
    signOuts.signedOut(user.id(), by.session());
    return signIn;
  }

  /** Deletes an account; what calls it had stays in the others' history. */
  void delete(User user, String password, InetAddress from) {
    requirePassword(user, password, from);
    Runnable news =
        database.write(
            handle -> {
              Runnable left = farewell.of(handle, user);
              Users.delete(handle, user.id());
              return left;
            });
    log.info("{} deleted the account", user.id());
    news.run();
    signOuts.signedOut(user.id(), Optional.empty());
  }

  private void requirePassword(User user, String password, InetAddress from) {
    limits.attempt(user.username(), from);
    Optional<String> hash = database.read(handle -> Users.passwordHash(handle, user.id()));
    if (!passwords.matches(password, hash)) {
      throw wrongPassword();
    }
    limits.succeeded(user.username(), from);
  }

  /** An account without a password, made once; known by its id afterwards. */
  public User ensure(UserId id, String username, String displayName) {
    return database.write(
        handle -> {
          Users.insert(
              handle, new User(id, username, displayName), Optional.empty(), clock.instant());
          return Users.byId(handle, id)
              .orElseThrow(() -> Problem.conflict("The username " + username + " is taken"));
        });
  }

  public boolean areThereAny() {
    return database.read(Users::areThereAny);
  }

  /** Forgets sessions that are over. */
  public void tidy() {
    database.write(
        handle -> {
          Sessions.deleteExpired(handle, clock.instant());
          return true;
        });
  }

  private SignIn signIn(User user, Sessions.Current current) {
    AccessTokens.Issued issued = tokens.issue(user, current.session());
    return new SignIn(issued.token(), issued.expiresAt(), current.refreshToken(), user);
  }

  private static UserId newId() {
    return new UserId(UUID.randomUUID().toString());
  }

  private static Problem wrongPassword() {
    return Problem.unauthorized("wrong_password", "The username or the password is wrong");
  }

  private static Problem signInAgain() {
    return Problem.unauthorized("token_invalid", "This sign-in is over; sign in again");
  }
}
