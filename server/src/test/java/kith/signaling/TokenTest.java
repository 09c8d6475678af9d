package kith.signaling;

import static java.time.temporal.ChronoUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TokenTest extends Story {
  private Handset phone;

  @BeforeEach
  void connectWithATokenForTenMinutes() {
    phone = alice.on("phone");
    phone.device.disconnect();
    phone.device.connect(Duration.ofMinutes(10));
  }

  @Test
  void aSocketIsToldThatItsTokenExpiredAndClosedAMinuteLater() {
    at(599, SECONDS);
    phone.hearsNothing();
    at(600, SECONDS);
    phone.hears("token-expired", "closesInMs", 60_000L);
    at(659, SECONDS);
    assertFalse(phone.device.wasClosed());
    at(660, SECONDS);
    assertTrue(phone.device.wasClosed());
  }

  @Test
  void aSocketThatSendsAnotherTokenStays() {
    at(630, SECONDS);
    phone.hears("token-expired");
    world.token("fresh", "alice", Duration.ofMinutes(10));
    phone
        .says("token-refresh", with("token", "fresh"))
        .isDone()
        .says("expiresAt", world.time.millis() + 600_000);
    at(1229, SECONDS);
    phone.hearsNothing();
    at(1230, SECONDS);
    phone.hears("token-expired");
    at(1290, SECONDS);
    assertTrue(phone.device.wasClosed());
  }

  @Test
  void aTokenOfSomeoneElseOrNoneAtAllHelpsNothing() {
    world.token("bobs", "bob", Duration.ofDays(1));
    phone.says("token-refresh", with("token", "bobs")).isRefused("forbidden");
    phone.says("token-refresh", with("token", "made up")).isRefused("forbidden");
    phone.says("token-refresh", with("token", 7)).isRefused("bad_request");
    at(660, SECONDS);
    assertTrue(phone.device.wasClosed());
  }

  @Test
  void aSignInThatEndsWhileItsTokenIsSentKeepsNoSocket() {
    world.lastToken("last", "alice", Duration.ofDays(1));
    phone.says("token-refresh", with("token", "last")).isRefused("forbidden");
    assertTrue(phone.device.wasClosed());
  }

  @Test
  void aCallOutlivesTheSocketByTheGrace() {
    String call = talking(alice, bob);
    at(660, SECONDS);
    assertTrue(phone.device.wasClosed());
    at(689, SECONDS);
    phone.device.connect();
    phone.resumes(call).isDone();
    bob.on("phone").hears("peer-connection", "state", "reconnecting");
    bob.on("phone").hears("peer-connection", "state", "reconnected");
  }
}
