package kith.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;

import kith.testing.KithServer;
import kith.testing.Person;
import org.junit.jupiter.api.Test;

class RegistrationTest {
  @Test
  void closedMeansNobody() {
    try (KithServer kith = KithServer.start("KITH_REGISTRATION", "closed")) {
      kith.register("alice", "correct horse").isProblem(403, "forbidden");
      assertEquals("closed", kith.stranger().get("/api/config").isOk().text("registration"));
    }
  }

  @Test
  void byInviteMeansTheFirstPersonAndWhoeverHasAnInvite() {
    try (KithServer kith = KithServer.start("KITH_REGISTRATION", "invite")) {
      Person alice = kith.person("alice");
      kith.register("bob", "correct horse").isProblem(403, "forbidden");
      String code = alice.invitesTo(alice.makesCircle("Family"));
      String token = kith.register("bob", "correct horse", "invite", code).is(201).text("token");
      assertEquals(1, kith.stranger().withToken(token).get("/api/circles").list("circles").size());
    }
  }

  @Test
  void anInviteThatIsNoneMakesNoAccount() {
    try (KithServer kith = KithServer.start()) {
      kith.register("bob", "correct horse", "invite", "nonsense").isProblem(404, "not_found");
      kith.signIn("bob", "correct horse").isProblem(401, "wrong_password");
    }
  }
}
