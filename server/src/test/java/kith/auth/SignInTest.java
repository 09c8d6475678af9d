package kith.auth;

import static kith.testing.RawClient.patiently;
import static kith.testing.RawClient.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import kith.json.Json;
import kith.testing.Browser;
import kith.testing.KithServer;
import kith.testing.Person;
import kith.testing.RawClient;
import kith.testing.Reply;
import kith.testing.TestClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignInTest {
  private final TestClock clock = new TestClock();
  private final KithServer kith = KithServer.start(clock);

  @AfterEach
  void stop() {
    kith.close();
  }

  @Test
  void whoRegistersIsSignedIn() {
    Reply reply = kith.register("alice", "correct horse", "displayName", "Alice 👩‍🚀").is(201);
    Reply me = kith.stranger().withToken(reply.text("token")).get("/api/me").isOk();
    assertEquals("alice", me.text("username"));
    assertEquals("Alice 👩‍🚀", me.text("displayName"));
    assertEquals(clock.millis() / 1000 * 1000 + 15 * 60_000, reply.number("expiresAt"));
  }

  @Test
  void theNameIsTheUsernameUnlessGiven() {
    assertEquals("bob", kith.register("bob", "correct horse").is(201).text("user.displayName"));
  }

  @Test
  void usernamesAreOneWhateverTheirCaseAndWidth() {
    kith.register("alice", "correct horse").is(201);
    kith.register("ＡＬＩＣＥ", "another horse").isProblem(409, "conflict");
    kith.signIn("  Alice ", "correct horse").isOk();
  }

  @Test
  void aWrongPasswordAndAnUnknownNameAreToldTheSame() {
    kith.register("alice", "correct horse").is(201);
    Reply wrong = kith.signIn("alice", "wrong horse").isProblem(401, "wrong_password");
    Reply unknown = kith.signIn("nobody", "wrong horse").isProblem(401, "wrong_password");
    assertEquals(wrong.body(), unknown.body());
  }

  @Test
  void anAccessTokenEndsAfterAWhile() {
    Person alice = kith.person("alice");
    clock.passes(Duration.ofMinutes(16));
    alice.gets("/api/me").isProblem(401, "token_expired");
  }

  @Test
  void aRequestNeedsAToken() {
    Reply refused = kith.stranger().get("/api/me").isProblem(401, "token_missing");
    assertEquals("Bearer", refused.header("www-authenticate").orElse(""));
    kith.stranger().withToken("nonsense").get("/api/me").isProblem(401, "token_invalid");
  }

  @Test
  void aTokenThatWasTamperedWithIsRefused() {
    String[] parts = kith.person("alice").token().split("\\.", -1);
    String none = "eyJhbGciOiJub25lIn0." + parts[1] + ".";
    kith.stranger().withToken(none).get("/api/me").isProblem(401, "token_invalid");
    String other = parts[0] + "." + kith.person("bob").token().split("\\.", -1)[1] + "." + parts[2];
    kith.stranger().withToken(other).get("/api/me").isProblem(401, "token_invalid");
  }

  @Test
  void aRefreshTokenGivesTheNext() {
    Person alice = kith.person("alice");
    Reply next = kith.refresh(alice.refreshToken()).isOk();
    assertNotEquals(alice.refreshToken(), next.text("refreshToken"));
    kith.stranger().withToken(next.text("token")).get("/api/me").isOk();
    kith.refresh(next.text("refreshToken")).isOk();
  }

  @Test
  void aRefreshTokenThatComesTwiceEndsItsSession() {
    Person alice = kith.person("alice");
    Reply next = kith.refresh(alice.refreshToken()).isOk();
    kith.refresh(alice.refreshToken()).isProblem(401, "token_invalid");
    kith.refresh(next.text("refreshToken")).isProblem(401, "token_invalid");
  }

  @Test
  void whoDidNotGetTheAnswerAsksAgainByTheSameName() {
    String spent = kith.person("alice").refreshToken();
    Reply lost = renew(spent, "tunnel").isOk();
    clock.passes(Duration.ofMinutes(5));
    renew(spent, "tunnel").isOk();
    Reply next = renew(spent, "tunnel").isOk();
    kith.refresh(lost.text("refreshToken")).isProblem(401, "token_invalid");
    clock.passes(Duration.ofMinutes(5));
    Reply later = renew(next.text("refreshToken"), "later").isOk();
    renew(spent, "tunnel").isProblem(401, "token_invalid");
    kith.refresh(later.text("refreshToken")).isProblem(401, "token_invalid");
  }

  @Test
  void whoAsksAgainByAnotherNameHasStolenTheToken() {
    for (String name : new String[] {"guess", ""}) {
      String spent = kith.person("alice").refreshToken();
      Reply next = renew(spent, "tunnel").isOk();
      (name.isEmpty() ? kith.refresh(spent) : renew(spent, name)).isProblem(401, "token_invalid");
      kith.refresh(next.text("refreshToken")).isProblem(401, "token_invalid");
    }
  }

  private Reply renew(String refreshToken, String attempt) {
    return kith.stranger()
        .post("/api/auth/refresh", "refreshToken", refreshToken, "attempt", attempt);
  }

  @Test
  void aTokenSpentLongAgoIsUnknownAndEndsNothing() {
    String first = kith.person("alice").refreshToken();
    String latest = first;
    for (int i = 0; i < 202; i++) {
      clock.passes(Duration.ofMinutes(15));
      latest = kith.refresh(latest).isOk().text("refreshToken");
    }
    kith.refresh(first).isProblem(401, "token_invalid");
    kith.refresh(latest).isOk();
  }

  @Test
  void anotherSessionGoesOnWhenOneEnds() {
    Person alice = kith.person("alice");
    Reply phone = kith.signIn(alice.username(), alice.password()).isOk();
    kith.stranger().post("/api/auth/logout", "refreshToken", alice.refreshToken()).is(204);
    kith.refresh(alice.refreshToken()).isProblem(401, "token_invalid");
    kith.refresh(phone.text("refreshToken")).isOk();
  }

  @Test
  void aSessionNobodyUsesEnds() {
    Person alice = kith.person("alice");
    clock.passes(Duration.ofDays(61));
    kith.refresh(alice.refreshToken()).isProblem(401, "token_invalid");
  }

  @Test
  void aNewPasswordEndsEverySession() {
    Person alice = kith.person("alice");
    Reply changed =
        alice
            .posts(
                "/api/auth/password",
                "oldPassword",
                alice.password(),
                "newPassword",
                "battery staple")
            .isOk();
    alice.gets("/api/me").isProblem(401, "token_invalid");
    kith.stranger().withToken(changed.text("token")).get("/api/me").isOk();
    kith.refresh(alice.refreshToken()).isProblem(401, "token_invalid");
    kith.refresh(changed.text("refreshToken")).isOk();
    kith.signIn(alice.username(), alice.password()).isProblem(401, "wrong_password");
    kith.signIn(alice.username(), "battery staple").isOk();
  }

  @Test
  void aNewPasswordEndsTheConnectionsOfEveryOtherSession() {
    Person alice = kith.person("alice");
    String thief = kith.signIn(alice.username(), alice.password()).isOk().text("token");
    try (RawClient own = alice.connects(kith.port(), "own");
        RawClient stolen = RawClient.connect(kith.port(), thief, "stolen")) {
      String next =
          changesPassword(alice.browser(), alice.password(), "battery staple").text("token");
      patiently(stolen.closed());
      assertTrue(own.says("call-resume", with("calls", List.of())).getBoolean("ok"));
      assertRefused(thief);
      // It goes by its new session from then on.
      assertTrue(own.says("token-refresh", with("token", next)).getBoolean("ok"));
      Browser again = kith.stranger().withToken(next);
      changesPassword(again, "battery staple", "another staple");
      assertTrue(own.says("call-resume", with("calls", List.of())).getBoolean("ok"));
    }
  }

  private static Reply changesPassword(Browser browser, String before, String after) {
    return browser.post("/api/auth/password", "oldPassword", before, "newPassword", after).isOk();
  }

  private void assertRefused(String token) {
    try (RawClient client = RawClient.open(kith.port())) {
      String answer = client.connect(new JsonObject().put("token", token));
      assertTrue(answer.startsWith("44") && answer.contains("token_invalid"), answer);
    }
  }

  @Test
  void whoSignedOutIsOutAtOnce() {
    Person alice = kith.person("alice");
    kith.stranger().post("/api/auth/logout", "refreshToken", alice.refreshToken()).is(204);
    alice.gets("/api/me").isProblem(401, "token_invalid");
  }

  @Test
  void whoSignedOutHasNoConnectionsBySuchASession() {
    Person alice = kith.person("alice");
    String another = kith.signIn(alice.username(), alice.password()).isOk().text("token");
    try (RawClient phone = alice.connects(kith.port(), "phone");
        RawClient laptop = RawClient.connect(kith.port(), another, "laptop")) {
      kith.stranger().post("/api/auth/logout", "refreshToken", alice.refreshToken()).is(204);
      patiently(phone.closed());
      assertTrue(laptop.says("call-resume", with("calls", List.of())).getBoolean("ok"));
    }
  }

  @Test
  void aRefreshTokenThatComesTwiceEndsTheConnectionsOfItsSession() {
    Person alice = kith.person("alice");
    String another = kith.signIn(alice.username(), alice.password()).isOk().text("token");
    String stolen = kith.refresh(alice.refreshToken()).isOk().text("token");
    try (RawClient thief = RawClient.connect(kith.port(), stolen, "thief");
        RawClient laptop = RawClient.connect(kith.port(), another, "laptop")) {
      kith.refresh(alice.refreshToken()).isProblem(401, "token_invalid");
      patiently(thief.closed());
      assertTrue(laptop.says("call-resume", with("calls", List.of())).getBoolean("ok"));
    }
  }

  @Test
  void aDeletedAccountHasNoConnections() {
    Person alice = kith.person("alice");
    try (RawClient phone = alice.connects(kith.port(), "phone")) {
      deletes(alice, alice.password()).is(204);
      patiently(phone.closed());
    }
  }

  @Test
  void aWishForPrivacyIsKept() {
    Person alice = kith.person("alice");
    assertEquals("direct", alice.gets("/api/me").text("relay"));
    for (String wish : List.of("until-answered", "always", "direct", "always")) {
      assertEquals(wish, alice.browser().patch("/api/me", "relay", wish).isOk().text("relay"));
      assertEquals(wish, alice.gets("/api/me").text("relay"));
    }
    alice.browser().patch("/api/me", "displayName", "Alice B.").isOk();
    assertEquals("always", alice.gets("/api/me").text("relay"));
    alice.browser().patch("/api/me", "relay", "never").isProblem(400, "bad_request");
    alice.browser().patch("/api/me").isProblem(400, "bad_request");
  }

  @Test
  void aPersonCanChangeTheirName() {
    Person alice = kith.person("alice");
    alice.browser().patch("/api/me", "displayName", "Alice B.").isOk();
    assertEquals("Alice B.", alice.gets("/api/me").text("displayName"));
  }

  @Test
  void aDeletedAccountIsGoneAndItsCirclesGoOn() {
    Person alice = kith.person("alice");
    Person bob = kith.person("bob");
    String circle = alice.makesCircle("Family");
    bob.accepts(alice.invitesTo(circle)).isOk();
    deletes(alice, "not the password").isProblem(401, "wrong_password");
    deletes(alice, alice.password()).is(204);
    alice.gets("/api/me").isProblem(401, "token_invalid");
    kith.refresh(alice.refreshToken()).isProblem(401, "token_invalid");
    kith.signIn(alice.username(), alice.password()).isProblem(401, "wrong_password");
    Reply left = bob.gets("/api/circles/" + circle).isOk();
    assertEquals("owner", left.text("role"));
    assertEquals(1, left.number("memberCount"));
  }

  private static Reply deletes(Person person, String password) {
    byte[] body = Json.write(Map.of("password", password));
    return person
        .browser()
        .with("Content-Type", "application/json")
        .send("DELETE", "/api/me", body);
  }

  @Test
  void attemptsOnOneAccountAreLimited() {
    Person alice = kith.person("alice");
    for (int i = 0; i < 10; i++) {
      kith.signIn(alice.username(), "guess " + i).isProblem(401, "wrong_password");
    }
    Reply limited = kith.signIn(alice.username(), alice.password()).isProblem(429, "rate_limited");
    long wait = Long.parseLong(limited.header("retry-after").orElseThrow());
    assertTrue(wait > 0 && wait <= 90, "waits " + wait);
    clock.passes(Duration.ofSeconds(wait));
    kith.signIn(alice.username(), alice.password()).isOk();
  }

  @Test
  void whoKnowsThePasswordIsNotLimited() {
    Person alice = kith.person("alice");
    for (int i = 0; i < 12; i++) {
      kith.signIn(alice.username(), alice.password()).isOk();
    }
  }

  @Test
  void attemptsFromOneAddressAreLimited() {
    for (int i = 0; i < 50; i++) {
      kith.refresh("guess" + i).isProblem(401, "token_invalid");
    }
    kith.refresh("guess").isProblem(429, "rate_limited");
    kith.signIn("nobody", "whatever it is").isProblem(429, "rate_limited");
  }

  @ParameterizedTest
  @ValueSource(strings = {"password", "12345678", "QwertyUIOP", "aaaaaaaaaa", "zacharias"})
  void trivialPasswordsAreRefused(String password) {
    Reply reply = kith.register("zacharias", password).isProblem(400, "bad_request");
    assertEquals(List.of("password"), reply.wrongFields());
  }
}
