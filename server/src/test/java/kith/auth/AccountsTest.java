package kith.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.fail;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import kith.auth.Accounts.NewAccount;
import kith.database.Database;
import kith.database.DatabaseKind;
import kith.settings.Registration;
import kith.testing.TestClock;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AccountsTest {
  private static final InetAddress SOMEWHERE = InetAddress.ofLiteral("203.0.113.5");
  private static final String PASSWORD = "correct horse";

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void anAccountThatCannotBeDeletedStaysInWhatItIsIn(DatabaseKind kind) {
    try (Database database = kind.open(folder)) {
      Accounts accounts =
          accounts(
              database,
              (handle, user) -> {
                handle.execute("DELETE FROM circle_members");
                return () -> fail("nobody left");
              });
      User alice =
          accounts
              .register(new NewAccount("alice", PASSWORD, "Alice", Optional.empty()), SOMEWHERE)
              .user();
      database.write(handle -> ownsACircle(handle, alice));
      assertThrows(
          RuntimeException.class,
          () -> accounts.delete(alice, PASSWORD, SOMEWHERE),
          "whoever owns a circle cannot be deleted");
      assertEquals(
          1,
          database.<Integer>read(
              handle ->
                  handle
                      .createQuery("SELECT COUNT(*) FROM circle_members")
                      .mapTo(Integer.class)
                      .one()));
    }
  }

  @ParameterizedTest
  @EnumSource
  void theOldestOfTooManySignInsIsOverAndThatIsTold(DatabaseKind kind) throws TokenRefused {
    var clock = new TestClock();
    try (Database database = kind.open(folder)) {
      var identities = new Identities(tokens(clock), database, clock);
      var ended = new ArrayList<SessionId>();
      Accounts accounts = accounts(database, (handle, user) -> () -> {}, ended, clock);
      User alice = accounts.ensure(new UserId("a"), "alice", "Alice");
      SessionId oldest = identities.identify(accounts.begin(alice).token()).session().orElseThrow();
      for (int i = 1; i < 50; i++) {
        clock.passes(Duration.ofSeconds(1));
        accounts.begin(alice);
      }
      assertEquals(List.of(), ended);
      clock.passes(Duration.ofSeconds(1));
      accounts.begin(alice);
      assertEquals(List.of(oldest), ended);
    }
  }

  private static boolean ownsACircle(Handle handle, User user) {
    String id = user.id().value();
    handle.execute(
        "INSERT INTO circles (id, name, owner_id, created_at) VALUES ('c1', 'Family', ?, 0)", id);
    handle.execute(
        "INSERT INTO circle_members (circle_id, user_id, joined_at) VALUES ('c1', ?, 0)", id);
    return true;
  }

  private static Accounts accounts(Database database, Farewell farewell) {
    return accounts(database, farewell, new ArrayList<>(), InstantSource.system());
  }

  private static Accounts accounts(
      Database database, Farewell farewell, List<SessionId> ended, InstantSource clock) {
    return new Accounts(
        database,
        tokens(clock),
        (handle, code, user, now) -> fail("nobody was invited"),
        farewell,
        new EndedSessions(ended),
        Registration.OPEN,
        clock);
  }

  private record EndedSessions(List<SessionId> ended) implements SignOuts {
    @Override
    public void signedOut(UserId user, Optional<SessionId> but) {}

    @Override
    public void ended(UserId user, Set<SessionId> sessions) {
      ended.addAll(sessions);
    }
  }

  private static AccessTokens tokens(InstantSource clock) {
    return new AccessTokens("a secret of more than 32 bytes, 0123456789", Optional.empty(), clock);
  }
}
