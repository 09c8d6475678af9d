package kith.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.fail;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import kith.auth.Accounts.NewAccount;
import kith.database.Database;
import kith.database.DatabaseKind;
import kith.settings.Registration;
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

  private static boolean ownsACircle(Handle handle, User user) {
    String id = user.id().value();
    handle.execute(
        "INSERT INTO circles (id, name, owner_id, created_at) VALUES ('c1', 'Family', ?, 0)", id);
    handle.execute(
        "INSERT INTO circle_members (circle_id, user_id, joined_at) VALUES ('c1', ?, 0)", id);
    return true;
  }

  private static Accounts accounts(Database database, Farewell farewell) {
    InstantSource clock = InstantSource.system();
    return new Accounts(
        database,
        new AccessTokens("a secret of more than 32 bytes, 0123456789", Optional.empty(), clock),
        (handle, code, user, now) -> fail("nobody was invited"),
        farewell,
        (user, but) -> {},
        Registration.OPEN,
        clock);
  }
}
